//! Upstreams that misbehave, and what a caller sees of it.

use crate::kit::{Answer, Empty as _, Gate, Setup, Upstream, call, h1, text};
use einlass_proxy::body::{Body, BoxError, boxed};
use einlass_proxy::forward::Timeouts;
use http_body::Frame;
use http_body_util::BodyExt as _;
use hyper::body::Bytes;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

const SOON: Duration = Duration::from_millis(100);

fn assert_gateway_error(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status);
    assert_eq!(answer.json()["statusCode"], status);
    assert!(answer.header("x-request-id").is_some());
}

/// Reads the head of a request, writes these bytes and closes.
async fn blunt(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            // The gateway may have closed already.
            let _ = stream.read(&mut [0; 16 * 1024]).await;
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

/// A body whose next piece never comes, after a first one.
struct Stuck(Option<Bytes>);

impl http_body::Body for Stuck {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0.take().map_or(Poll::Pending, |first| Poll::Ready(Some(Ok(Frame::data(first)))))
    }
}

fn stuck() -> Body {
    boxed(Stuck(Some(Bytes::from_static(b"first"))))
}

#[tokio::test]
async fn a_refused_connection_is_a_502() {
    let nobody = {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        socket.local_addr().unwrap()
    };
    let gate = Gate::start(Setup::before(nobody));
    assert_gateway_error(&call(gate.good("GET", "/erp/v2/items").empty()).await, 502);
}

#[tokio::test]
async fn an_upstream_that_closes_or_speaks_no_http_is_a_502() {
    for answer in
        [&b""[..], b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"]
    {
        let gate = Gate::start(Setup::before(blunt(answer).await));
        assert_gateway_error(&call(gate.good("GET", "/erp/v2/items").empty()).await, 502);
    }
}

#[tokio::test]
async fn an_upstream_that_fails_at_tls_is_a_502() {
    let address = blunt(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let gate = Gate::start(Setup { upstream: format!("https://{address}"), ..Setup::before(address) });
    assert_gateway_error(&call(gate.good("GET", "/erp/v2/items").empty()).await, 502);
}

#[tokio::test]
async fn an_upstream_that_takes_no_connection_is_a_504() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Fill the queue that nobody accepts from, until the kernel lets a connection wait.
    let mut queued = Vec::new();
    while let Ok(stream) = tokio::time::timeout(SOON, TcpStream::connect(address)).await {
        queued.push(stream.unwrap());
    }
    let gate = Gate::start(Setup {
        timeouts: Timeouts { connect: SOON, ..Timeouts::default() },
        ..Setup::before(address)
    });
    assert_gateway_error(&call(gate.good("GET", "/erp/v2/items").empty()).await, 504);
}

#[tokio::test]
async fn an_upstream_that_does_not_answer_is_a_504() {
    let address = Upstream::serve(|_| std::future::pending()).await;
    let gate = Gate::start(Setup {
        timeouts: Timeouts { response_head: SOON, ..Timeouts::default() },
        ..Setup::before(address)
    });
    assert_gateway_error(&call(gate.good("GET", "/erp/v2/items").empty()).await, 504);
}

#[tokio::test]
async fn a_caller_whose_body_does_not_go_on_is_told_so() {
    let upstream = Upstream::answering(|| text("never")).await;
    let gate = Gate::start(Setup {
        timeouts: Timeouts { body_idle: SOON, ..Timeouts::default() },
        ..Setup::before(upstream.address)
    });
    let answer = call(gate.good("POST", "/erp/v2/items").body(stuck()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["errorCode"].as_str()), (408, Some("RequestTimeout")));
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn an_answer_that_does_not_go_on_is_cut_off() {
    let address = Upstream::serve(|_| async { http::Response::new(stuck()) }).await;
    let gate = Gate::start(Setup {
        timeouts: Timeouts { body_idle: SOON, ..Timeouts::default() },
        ..Setup::before(address)
    });
    let mut response = h1().request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.frame().await.unwrap().unwrap().into_data().unwrap(), "first");
    assert!(response.frame().await.unwrap().is_err(), "the caller sees that something is missing");
}

#[tokio::test]
async fn a_slow_upload_may_take_longer_than_the_upstream_may_to_answer() {
    /// Sends its pieces with pauses.
    struct Slow(u8, Pin<Box<tokio::time::Sleep>>);
    impl http_body::Body for Slow {
        type Data = Bytes;
        type Error = BoxError;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            if self.0 == 0 {
                return Poll::Ready(None);
            }
            std::task::ready!(self.1.as_mut().poll(context));
            self.0 -= 1;
            self.1 = Box::pin(tokio::time::sleep(SOON * 2));
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
        }
    }
    let upstream = Upstream::answering(|| text("received")).await;
    let timeouts = Timeouts { response_head: SOON * 10, ..Timeouts::default() };
    let gate = Gate::start(Setup { timeouts, ..Setup::before(upstream.address) });
    let body = boxed(Slow(8, Box::pin(tokio::time::sleep(Duration::ZERO))));
    assert_eq!(call(gate.good("POST", "/erp/v2/items").body(body).unwrap()).await.body, "received");
    assert_eq!(upstream.only().body, "xxxxxxxx");
}

#[tokio::test]
async fn an_answer_of_the_upstream_passes_whatever_its_status() {
    for status in [200, 201, 302, 400, 404, 429, 500, 503] {
        let upstream = Upstream::answering(move || {
            let mut response = text("its own");
            *response.status_mut() = status.try_into().unwrap();
            response
        })
        .await;
        let gate = Gate::start(Setup::before(upstream.address));
        let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (status, &b"its own"[..]));
    }
}
