//! Sockets, workers, limits and the end.

use crate::kit::{Counted, Empty as _, Gate, Setup, Upstream, call, eventually, h1, text};
use einlass_proxy::forward::Timeouts;
use einlass_proxy::listen::{self, Settings};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};

const SOON: Duration = Duration::from_millis(100);

#[test]
fn a_port_that_somebody_has_is_an_error() {
    let first = listen::bind("127.0.0.1:0".parse().unwrap(), 2).unwrap();
    assert_ne!(first.local_addr().port(), 0);
    assert_eq!(listen::bind(first.local_addr(), 1).unwrap_err().kind(), ErrorKind::AddrInUse);
    let address = first.local_addr();
    drop(first);
    assert!(listen::bind(address, 1).is_ok(), "and free again when it is let go");
}

#[tokio::test]
async fn every_worker_serves() {
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { workers: 4, ..Setup::before(upstream.address) });
    for _ in 0..32 {
        assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    }
    assert_eq!(upstream.calls(), 32);
}

#[tokio::test]
async fn what_is_not_the_gateways_goes_to_the_fallback() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer = call(gate.request("GET", "/oauth2/token").empty()).await;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (418, &b"fallback"[..]));
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_stopped_listener_finishes_what_has_begun_and_refuses_the_rest() {
    let (begun, mut started) = mpsc::channel(1);
    let go = Arc::new(Notify::new());
    let wait = Arc::clone(&go);
    let address = Upstream::serve(move |_| {
        let (begun, wait) = (begun.clone(), Arc::clone(&wait));
        async move {
            begun.send(()).await.unwrap();
            wait.notified().await;
            text("finished")
        }
    })
    .await;
    let gate = Gate::start(Setup::before(address));
    let running = tokio::spawn(call(gate.good("GET", "/erp/v2/items").empty()));
    started.recv().await.unwrap();
    gate.stop.send(()).unwrap();
    let refused = || std::net::TcpStream::connect(gate.address).is_err();
    eventually("new connections are refused", refused).await;
    assert!(!gate.stopped.is_finished());
    go.notify_one();
    assert_eq!(running.await.unwrap().body, "finished");
    gate.stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn draining_has_an_end() {
    let (begun, mut started) = mpsc::channel(1);
    let address = Upstream::serve(move |_| {
        let begun = begun.clone();
        async move {
            begun.send(()).await.unwrap();
            std::future::pending().await
        }
    })
    .await;
    let listen = Settings { drain: SOON, ..Settings::default() };
    let gate = Gate::start(Setup { listen, ..Setup::before(address) });
    let running = tokio::spawn(h1().request(gate.good("GET", "/erp/v2/items").empty()));
    started.recv().await.unwrap();
    gate.stop.send(()).unwrap();
    gate.stopped.await.unwrap().unwrap();
    assert!(running.await.unwrap().is_err());
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_one_to_end() {
    let upstream = Upstream::answering(|| text("served")).await;
    let listen = Settings { max_connections: 1, ..Settings::default() };
    let gate = Gate::start(Setup { listen, ..Setup::before(upstream.address) });
    let client = h1();
    let response = client.request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    response.into_body().collect().await.unwrap();
    let mut second = tokio::spawn(call(gate.good("GET", "/erp/v2/items").empty()));
    assert!(tokio::time::timeout(SOON, &mut second).await.is_err(), "the first connection is still open");
    drop(client);
    assert_eq!(second.await.unwrap().status, 200);
}

/// Sends these bytes and nothing more; true once the gateway has closed.
async fn is_closed_after(gate: &Gate, bytes: &[u8]) -> bool {
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test]
async fn callers_who_never_finish_a_head_are_let_go() {
    let upstream = Upstream::answering(|| text("served")).await;
    // Far below the time that an idle connection has: it is the first request that is waited for.
    let listen = Settings { header_read: SOON, ..Settings::default() };
    let gate = Gate::start(Setup { listen, ..Setup::before(upstream.address) });
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    for bytes in [&b""[..], b"PRI * HTT", preface, b"GET /erp/v2/items HTTP/1.1\r\nhost: x\r\n"] {
        assert!(is_closed_after(&gate, bytes).await, "{}", String::from_utf8_lossy(bytes));
    }
}

#[tokio::test]
async fn a_caller_who_takes_nothing_is_let_go() {
    let (body, watch) = Counted::body(usize::MAX);
    let body = Arc::new(Mutex::new(Some(body)));
    let address = Upstream::serve(move |_| {
        let body = body.lock().unwrap().take().unwrap();
        async { http::Response::new(body) }
    })
    .await;
    let listen = Settings { idle: SOON * 10, ..Settings::default() };
    let gate = Gate::start(Setup { listen, ..Setup::before(address) });
    let _unread = h1().request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    eventually("the upstream is let go", || watch.dropped()).await;
}

#[tokio::test]
async fn a_caller_who_opens_no_window_does_not_keep_the_upstream() {
    let (body, watch) = Counted::body(usize::MAX);
    let body = Arc::new(Mutex::new(Some(body)));
    let address = Upstream::serve(move |_| {
        let body = body.lock().unwrap().take().unwrap();
        async { http::Response::new(body) }
    })
    .await;
    let timeouts = Timeouts { unread: SOON, ..Timeouts::default() };
    let gate = Gate::start(Setup { timeouts, ..Setup::before(address) });
    // Over HTTP/2 nobody asks for a piece of a body before the caller opens a window, and PINGs go on.
    let caller: Client<_, _> = Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .http2_only(true)
        .http2_initial_stream_window_size(0)
        .http2_keep_alive_interval(SOON / 4)
        .build_http();
    let _unread = caller.request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    eventually("the upstream is let go", || watch.dropped()).await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer =
        call(gate.good("GET", "/erp/v2/items").header("x-large", "a".repeat(80 * 1024)).empty()).await;
    assert_eq!(answer.status, 431);
    assert_eq!(upstream.calls(), 0);
}
