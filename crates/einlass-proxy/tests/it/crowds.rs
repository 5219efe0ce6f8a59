//! Who takes more connections than there are for one.

use crate::kit::{Gate, Setup, Upstream, eventually, printed, text};
use einlass_proxy::listen::{Proxies, Settings};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

async fn connect(from: &str, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(from.parse().unwrap(), 0)).unwrap();
    socket.connect(to).await.unwrap()
}

/// Whether a request on this connection gets an answer; it stays open.
async fn is_answered(stream: &mut TcpStream) -> bool {
    // The other side may have closed already.
    let _ = stream.write_all(b"GET /elsewhere HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut answer = Vec::new();
    while !answer.ends_with(b"fallback") {
        match stream.read_u8().await {
            Ok(byte) => answer.push(byte),
            Err(_) => return false,
        }
    }
    answer.starts_with(b"HTTP/1.1 418")
}

async fn gate(listen: Settings) -> Gate {
    let upstream = Upstream::answering(|| text("served")).await;
    Gate::start(Setup { listen, workers: 2, ..Setup::before(upstream.address) })
}

#[tokio::test]
async fn an_address_with_too_many_connections_leaves_those_of_others_alone() {
    let settings = Settings { max_per_address: 2, ..Settings::default() };
    let gate = gate(settings.clone()).await;
    let mut first = connect("127.0.0.1", gate.address).await;
    let mut second = connect("127.0.0.1", gate.address).await;
    assert!(is_answered(&mut first).await && is_answered(&mut second).await);
    for _ in 0..4 {
        assert!(!is_answered(&mut connect("127.0.0.1", gate.address).await).await);
    }
    assert!(is_answered(&mut connect("127.0.0.2", gate.address).await).await);
    assert!(is_answered(&mut first).await, "what is open stays open");
    let page = printed(|page| settings.counters.write_to(page, "main"));
    let line = "einlass_connections_refused_total{listener=\"main\",reason=\"too_many_of_address\"} 4\n";
    assert!(page.contains(line), "{page}");
    drop(second);
    let open = "einlass_connections_open{listener=\"main\"} 1\n";
    eventually("the others have ended", || {
        printed(|page| settings.counters.write_to(page, "main")).contains(open)
    })
    .await;
    assert!(is_answered(&mut connect("127.0.0.1", gate.address).await).await, "there is a place again");
}

#[tokio::test]
async fn a_trusted_proxy_has_as_many_as_it_needs() {
    let proxies = Proxies::trusting(["127.0.0.1"]).unwrap();
    let gate = gate(Settings { max_per_address: 1, proxies, ..Settings::default() }).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut stream = connect("127.0.0.1", gate.address).await;
        assert!(is_answered(&mut stream).await);
        open.push(stream);
    }
}
