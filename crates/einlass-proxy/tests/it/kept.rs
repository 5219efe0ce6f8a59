//! Connections to the upstream: when one serves again, and when it does not.

use crate::kit::{Answer, Empty as _, Gate, Setup, call, h1};
use einlass_proxy::body::full;
use einlass_proxy::forward::Timeouts;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const SERVED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nserved";
const SOON: Duration = Duration::from_millis(100);

/// A gateway, and the socket of its upstream, on which the test says what happens.
async fn gate(pooled: Duration) -> (Gate, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let timeouts = Timeouts { pooled, ..Timeouts::default() };
    let gate = Gate::start(Setup { timeouts, ..Setup::before(listener.local_addr().unwrap()) });
    (gate, listener)
}

fn get(gate: &Gate) -> JoinHandle<Answer> {
    tokio::spawn(call(gate.good("GET", "/erp/v2/items").empty()))
}

/// A request's head, and its body if that is `ending`.
async fn read(stream: &mut TcpStream, ending: &str) -> String {
    let mut request = Vec::new();
    while !request.ends_with(ending.as_bytes()) {
        assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0, "closed within a request");
    }
    String::from_utf8(request).unwrap()
}

async fn serve(stream: &mut TcpStream, answer: &str) {
    read(stream, "\r\n\r\n").await;
    stream.write_all(answer.as_bytes()).await.unwrap();
}

async fn assert_closed(stream: &mut TcpStream) {
    // A reset is an end as well.
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_connection_serves_again_and_names_the_upstream() {
    let (gate, listener) = gate(Timeouts::default().pooled).await;
    let (first, (mut stream, _)) = (get(&gate), listener.accept().await.unwrap());
    let host = format!("\r\nhost: {}\r\n", listener.local_addr().unwrap());
    let mut waiting = first;
    for _ in 0..3 {
        let head = read(&mut stream, "\r\n\r\n").await;
        assert!(head.starts_with("GET /v2/items HTTP/1.1\r\n") && head.contains(&host), "{head}");
        stream.write_all(SERVED.as_bytes()).await.unwrap();
        assert_eq!(waiting.await.unwrap().body, "served");
        waiting = get(&gate);
    }
}

#[tokio::test]
async fn a_request_goes_out_again_when_what_was_kept_is_closed() {
    let (gate, listener) = gate(Timeouts::default().pooled).await;
    for _ in 0..5 {
        let first = get(&gate);
        let (mut stream, _) = listener.accept().await.unwrap();
        serve(&mut stream, SERVED).await;
        assert_eq!(first.await.unwrap().status, 200);
        drop(stream);
        let request = gate.good("POST", "/erp/v2/items").body(full("a body")).unwrap();
        let second = tokio::spawn(call(request));
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(read(&mut stream, "a body").await.starts_with("POST "));
        stream
            .write_all(SERVED.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        assert_eq!(second.await.unwrap().status, 200);
        assert_closed(&mut stream).await;
    }
}

#[tokio::test]
async fn a_request_that_was_begun_is_not_sent_again() {
    let (gate, listener) = gate(Timeouts::default().pooled).await;
    let (first, (mut stream, _)) = (get(&gate), listener.accept().await.unwrap());
    serve(&mut stream, SERVED).await;
    assert_eq!(first.await.unwrap().status, 200);
    let second = get(&gate);
    read(&mut stream, "\r\n\r\n").await;
    drop(stream);
    assert_eq!(second.await.unwrap().status, 502);
    assert!(tokio::time::timeout(SOON, listener.accept()).await.is_err(), "nobody connects for it");
}

#[tokio::test]
async fn a_connection_on_which_something_is_left_serves_no_more() {
    let (gate, listener) = gate(Timeouts::default().pooled).await;
    for answer in [
        // The upstream says so.
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 6\r\n\r\nserved",
        "HTTP/1.0 200 OK\r\ncontent-length: 6\r\n\r\nserved",
        // More than was said.
        "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nserved and more",
    ] {
        let (waiting, (mut stream, _)) = (get(&gate), listener.accept().await.unwrap());
        serve(&mut stream, answer).await;
        assert_eq!(waiting.await.unwrap().body, "served", "{answer}");
        assert_closed(&mut stream).await;
    }
    // Less than was said, and the caller has gone away.
    let waiting = tokio::spawn(h1().request(gate.good("GET", "/erp/v2/items").empty()));
    let (mut stream, _) = listener.accept().await.unwrap();
    serve(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nserved").await;
    drop(waiting.await.unwrap().unwrap());
    assert_closed(&mut stream).await;
}

#[tokio::test]
async fn a_connection_is_not_kept_for_longer_than_said() {
    let (gate, listener) = gate(SOON).await;
    let (waiting, (mut stream, _)) = (get(&gate), listener.accept().await.unwrap());
    serve(&mut stream, SERVED).await;
    assert_eq!(waiting.await.unwrap().status, 200);
    assert_closed(&mut stream).await;
    let (waiting, (mut stream, _)) = (get(&gate), listener.accept().await.unwrap());
    serve(&mut stream, SERVED).await;
    assert_eq!(waiting.await.unwrap().status, 200);
}
