//! Bodies stream, in both directions and in constant memory.

use crate::kit::{Counted, Empty as _, Gate, PIECE, Setup, Upstream, Watch, call, eventually, h1, h2, text};
use bytes::Bytes;
use einlass_proxy::body::{Body, BoxError, boxed, full};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::sync::{mpsc, oneshot};

/// A body whose pieces the test sends.
fn fed() -> (mpsc::Sender<Frame<Bytes>>, Body) {
    struct Fed(mpsc::Receiver<Frame<Bytes>>);
    impl http_body::Body for Fed {
        type Data = Bytes;
        type Error = BoxError;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            self.0.poll_recv(context).map(|piece| piece.map(Ok))
        }
    }
    let (feed, pieces) = mpsc::channel(1);
    (feed, boxed(Fed(pieces)))
}

/// An upstream that answers each request with what `respond` makes of it.
async fn gate_before<F, A>(respond: F) -> Gate
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Response<Body>> + Send + 'static,
{
    Gate::start(Setup::before(Upstream::serve(respond).await))
}

/// How many bytes a body has, without keeping them.
async fn count<B: http_body::Body<Data = Bytes, Error: std::fmt::Debug> + Unpin>(mut body: B) -> usize {
    let mut sum = 0;
    while let Some(frame) = body.frame().await {
        sum += frame.unwrap().into_data().map_or(0, |data| data.len());
    }
    sum
}

#[tokio::test]
async fn a_body_larger_than_any_buffer_passes_both_ways() {
    const PIECES: usize = 4096;
    let gate = gate_before(|request| async {
        let received = count(request.into_body()).await;
        let (body, _) = Counted::body(received / PIECE);
        Response::new(body)
    })
    .await;
    for client in [h1(), h2()] {
        let (body, watch) = Counted::body(PIECES);
        let request = gate.good("POST", "/erp/v2/items").body(body).unwrap();
        let response = client.request(request).await.unwrap();
        assert_eq!(count(response.into_body()).await, PIECES * PIECE);
        assert_eq!(watch.taken(), PIECES);
    }
}

#[tokio::test]
async fn an_upload_waits_for_a_slow_upstream() {
    const PIECES: usize = 16_384;
    let (go, wait) = oneshot::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(Some(wait)));
    let gate = gate_before(move |request| {
        let wait = wait.lock().unwrap().take().unwrap();
        async move {
            wait.await.unwrap();
            count(request.into_body()).await;
            text("received")
        }
    })
    .await;
    let (body, watch) = Counted::body(PIECES);
    let upload = tokio::spawn(call(gate.good("POST", "/erp/v2/items").body(body).unwrap()));
    let at = settled(&watch).await;
    assert!(at < PIECES / 2, "{at} pieces were taken while nobody read");
    go.send(()).unwrap();
    assert_eq!(upload.await.unwrap().body, "received");
    assert_eq!(watch.taken(), PIECES);
}

#[tokio::test]
async fn a_download_waits_for_a_slow_caller() {
    const PIECES: usize = 16_384;
    let (body, watch) = Counted::body(PIECES);
    let body = Arc::new(std::sync::Mutex::new(Some(body)));
    let gate = gate_before(move |_| {
        let body = body.lock().unwrap().take().unwrap();
        async { Response::new(body) }
    })
    .await;
    let response = h1().request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    let at = settled(&watch).await;
    assert!(at < PIECES / 2, "{at} pieces were taken while nobody read");
    assert_eq!(count(response.into_body()).await, PIECES * PIECE);
}

/// The count once it has stopped moving.
async fn settled(watch: &Watch) -> usize {
    let mut last = (0, 0);
    eventually("the count settles", || {
        let now = watch.taken();
        last = if now == last.0 { (now, last.1 + 1) } else { (now, 0) };
        now > 0 && last.1 > 50
    })
    .await;
    last.0
}

#[tokio::test]
async fn pieces_are_passed_on_as_they_come() {
    let (feed, body) = fed();
    let body = Arc::new(std::sync::Mutex::new(Some(body)));
    let gate = gate_before(move |_| {
        let body = body.lock().unwrap().take().unwrap();
        async { Response::new(body) }
    })
    .await;
    let mut response = h1().request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    for piece in ["one", "two"] {
        feed.send(Frame::data(piece.into())).await.unwrap();
        let frame = response.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), piece);
    }
    drop(feed);
    assert!(response.frame().await.is_none());
}

#[tokio::test]
async fn trailers_pass_both_ways_but_for_reserved_ones() {
    let upstream = Upstream::answering(|| {
        let trailers = HeaderMap::from_iter([("x-sum".parse().unwrap(), HeaderValue::from_static("down"))]);
        let body = full("served").with_trailers(async { Some(Ok(trailers)) });
        let response = Response::builder().header("transfer-encoding", "chunked");
        response.header("trailer", "x-sum").body(boxed(body)).unwrap()
    })
    .await;
    let gate = Gate::start(Setup::before(upstream.address));
    let trailers = HeaderMap::from_iter([
        ("x-sum".parse().unwrap(), HeaderValue::from_static("up")),
        ("x_einlass_user".parse().unwrap(), HeaderValue::from_static("forged")),
    ]);
    let body = boxed(full("sent").with_trailers(async { Some(Ok(trailers)) }));
    let request = gate
        .good("POST", "/erp/v2/items")
        .header("te", "trailers")
        .header("transfer-encoding", "chunked")
        .header("trailer", "x-sum, x_einlass_user");
    let answer = call(request.body(body).unwrap()).await;
    assert_eq!(answer.body, "served");
    assert_eq!(answer.trailers.unwrap()["x-sum"], "down");
    let seen = upstream.only();
    assert_eq!(seen.body, "sent");
    let trailers = seen.trailers.unwrap();
    assert_eq!(trailers["x-sum"], "up");
    assert_eq!(trailers.len(), 1);
}

#[tokio::test]
async fn a_caller_who_goes_away_before_the_answer_ends_the_call() {
    struct Running(Arc<AtomicUsize>);
    impl Drop for Running {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (started, mut begun) = mpsc::channel(1);
    let ended = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ended);
    let gate = gate_before(move |_| {
        let (started, running) = (started.clone(), Running(Arc::clone(&counter)));
        async move {
            let _running = running;
            started.send(()).await.unwrap();
            std::future::pending().await
        }
    })
    .await;
    for (calls, client) in [(1, h1()), (2, h2())] {
        let waiting = tokio::spawn(client.request(gate.good("GET", "/erp/v2/items").empty()));
        begun.recv().await.unwrap();
        assert_eq!(ended.load(Ordering::SeqCst), calls - 1);
        waiting.abort();
        eventually("the upstream's call ends", || ended.load(Ordering::SeqCst) == calls).await;
    }
}

#[tokio::test]
async fn a_caller_who_goes_away_during_the_answer_ends_it() {
    let (body, watch) = Counted::body(usize::MAX);
    let body = Arc::new(std::sync::Mutex::new(Some(body)));
    let gate = gate_before(move |_| {
        let body = body.lock().unwrap().take().unwrap();
        async { Response::new(body) }
    })
    .await;
    let mut response = h1().request(gate.good("GET", "/erp/v2/items").empty()).await.unwrap();
    assert!(response.frame().await.unwrap().is_ok());
    drop(response);
    eventually("the upstream's body is dropped", || watch.dropped()).await;
}

#[tokio::test]
async fn answers_without_a_body_stay_without_one() {
    let gate = gate_before(|request| async move {
        let status = match request.uri().query() {
            Some("204") => StatusCode::NO_CONTENT,
            Some("304") => StatusCode::NOT_MODIFIED,
            _ => StatusCode::OK,
        };
        let head = request.method() == Method::HEAD;
        let response = Response::builder().status(status);
        if head { response.header("content-length", "4711").body(full("")) } else { response.body(full("")) }
            .unwrap()
    })
    .await;
    let head = call(gate.good("HEAD", "/erp/v2/items").empty()).await;
    assert_eq!(
        (head.status.as_u16(), head.header("content-length"), head.body.len()),
        (200, Some("4711"), 0)
    );
    for status in [204, 304] {
        let answer = call(gate.good("GET", &format!("/erp/v2/items?{status}")).empty()).await;
        assert_eq!((answer.status.as_u16(), answer.header("transfer-encoding")), (status, None));
    }
}
