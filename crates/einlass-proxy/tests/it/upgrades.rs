//! Connections that go on with WebSocket, byte by byte.

use crate::kit::{APP, Gate, KEY, Pki, REGISTRATION, Setup, TENANT, denying, eventually, raw, revocable};
use einlass_protocol::revocation::DenyList;
use einlass_proxy::listen::{Settings, Tls};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

const SWITCHES: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: yes\r\n\r\n";

/// Records the head of each connection's request, answers with these bytes and then gives back what it gets, in
/// upper case.
struct Shouting {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Shouting {
    async fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let recorded = Arc::clone(&heads);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let heads = Arc::clone(&recorded);
                tokio::spawn(async move {
                    let head = head(&mut stream).await;
                    heads.lock().unwrap().push(head);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    let mut buffer = [0; 1024];
                    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                        buffer[..length].make_ascii_uppercase();
                        stream.write_all(&buffer[..length]).await.unwrap();
                    }
                });
            }
        });
        Self { address, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// Reads up to the empty line, byte by byte.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}

async fn hears(stream: &mut (impl AsyncRead + Unpin), expected: &str) {
    let mut heard = vec![0; expected.len()];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(String::from_utf8(heard).unwrap(), expected);
}

fn request(gate: &Gate, first: &str, lines: &str) -> String {
    let token = gate.issuer.machine("items.read items.write");
    format!(
        "{first} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer {token}\r\nX-Tenant-ID: {TENANT}\r\n{lines}\r\n"
    )
}

const WISH: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: abc\r\n";

async fn tunnel(gate: &Gate, first_bytes: &str) -> TcpStream {
    upgrade(TcpStream::connect(gate.address).await.unwrap(), gate, first_bytes).await
}

/// Makes a tunnel of a connection.
async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(mut caller: S, gate: &Gate, first_bytes: &str) -> S {
    let wish = request(gate, "GET /erp/v2/items", WISH) + first_bytes;
    caller.write_all(wish.as_bytes()).await.unwrap();
    let answer = head(&mut caller).await;
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    for line in [
        "connection: upgrade\r\n",
        "upgrade: websocket\r\n",
        "sec-websocket-accept: yes\r\n",
        "x-request-id: ",
    ] {
        assert!(answer.contains(line), "{answer}");
    }
    caller
}

#[tokio::test]
async fn a_websocket_is_judged_like_a_get_and_then_copied_both_ways() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let mut caller = tunnel(&gate, "early").await;
    hears(&mut caller, "EARLY").await;
    for round in 0..3 {
        caller.write_all(format!("round {round}").as_bytes()).await.unwrap();
        hears(&mut caller, &format!("ROUND {round}")).await;
    }
    caller.shutdown().await.unwrap();
    assert_eq!(caller.read(&mut [0; 8]).await.unwrap(), 0, "the end of one side is told to the other");
    let heads = upstream.heads();
    assert!(heads[0].starts_with("get /v2/items http/1.1\r\n"), "{heads:?}");
    for line in
        ["connection: upgrade\r\n", "upgrade: websocket\r\n", "sec-websocket-key: abc\r\n", "x-einlass-app: "]
    {
        assert!(heads[0].contains(line), "{heads:?}");
    }
    assert!(!heads[0].contains("authorization"), "{heads:?}");
}

#[tokio::test]
async fn a_websocket_ends_with_the_key_that_opened_it() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup { databases: &["mandant1"], ..Setup::before(upstream.address) });
    let mut caller = TcpStream::connect(gate.address).await.unwrap();
    let wish = format!(
        "GET /api/mandant1/v2/items HTTP/1.1\r\nHost: gate\r\nAuthorization: Wawi {KEY}\r\n{WISH}\r\n"
    );
    caller.write_all(wish.as_bytes()).await.unwrap();
    assert!(head(&mut caller).await.starts_with("http/1.1 101 "));
    caller.write_all(b"heard").await.unwrap();
    hears(&mut caller, "HEARD").await;
    gate.directory.revoke_keys();
    gate.key_invalidations.registration(REGISTRATION.parse().unwrap());
    let ended = tokio::time::timeout(Duration::from_secs(20), caller.read(&mut [0; 8])).await;
    assert!(matches!(ended, Ok(Ok(0) | Err(_))), "{ended:?}");
}

#[tokio::test]
async fn a_websocket_behind_tls_is_copied_both_ways() {
    let pki = Pki::new();
    let own = pki.issue("127.0.0.1");
    let upstream = Shouting::answering(SWITCHES).await;
    let listen = Settings { tls: Some(Tls::open(own.certificate, own.key).unwrap()), ..Settings::default() };
    let gate = Gate::start(Setup { listen, ..Setup::before(upstream.address) });
    let stream = TcpStream::connect(gate.address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(pki.trusting()));
    let stream = connector.connect("127.0.0.1".try_into().unwrap(), stream).await.unwrap();
    let mut caller = upgrade(stream, &gate, "early").await;
    hears(&mut caller, "EARLY").await;
    caller.write_all(b"on and on").await.unwrap();
    hears(&mut caller, "ON AND ON").await;
}

#[tokio::test]
async fn a_wish_that_may_not_pass_reaches_nobody() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let close = WISH.replace("keep-alive", "close");
    for (wish, status) in [
        (format!("GET /erp/v2/items HTTP/1.1\r\nHost: gate\r\n{close}\r\n"), "401"),
        (request(&gate, "GET /erp/v2/nothing", &close), "404"),
        (request(&gate, "GET /erp/v2/mine", &close), "403"),
    ] {
        let answer = raw(gate.address, &wish).await;
        assert_eq!(&answer[9..12], status, "{answer}");
    }
    assert_eq!(upstream.heads(), Vec::<String>::new());
}

#[tokio::test]
async fn an_upstream_that_does_not_want_to_answers_as_ever() {
    let refuses = "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\nUpgrade: websocket\r\n\r\nno";
    let upstream = Shouting::answering(refuses).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let answer =
        raw(gate.address, &request(&gate, "GET /erp/v2/items", &WISH.replace("keep-alive", "close"))).await;
    assert!(answer.starts_with("HTTP/1.1 426 ") && answer.ends_with("\r\n\r\nno"), "{answer}");
}

#[tokio::test]
async fn an_upstream_that_goes_on_with_something_else_is_a_502() {
    for protocol in ["", "Upgrade: h2c\r\n", "Upgrade: websocket\r\nUpgrade: h2c\r\n"] {
        let switches = format!("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n{protocol}\r\n");
        let upstream = Shouting::answering(switches.leak()).await;
        let gate = Gate::start(Setup::before(upstream.address));
        let wish = request(&gate, "GET /erp/v2/items", &WISH.replace("keep-alive", "close"));
        let answer = raw(gate.address, &wish).await;
        assert!(answer.starts_with("HTTP/1.1 502 "), "{protocol}: {answer}");
    }
}

#[tokio::test]
async fn no_other_wish_is_passed_on() {
    let served = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let upstream = Shouting::answering(served).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let get = "GET /erp/v2/items";
    for (first, lines) in [
        (get, "Connection: Upgrade, close, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"),
        (get, "Connection: Upgrade, close\r\nUpgrade: websocket, h2c\r\n"),
        (get, "Connection: Upgrade, close\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n"),
        (get, "Connection: close\r\nUpgrade: websocket\r\n"),
        ("POST /erp/v2/items", "Connection: Upgrade, close\r\nUpgrade: websocket\r\nContent-Length: 0\r\n"),
    ] {
        let answer = raw(gate.address, &request(&gate, first, lines)).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{lines}: {answer}");
    }
    let heads = upstream.heads();
    assert_eq!(heads.len(), 5);
    assert!(
        heads.iter().all(|head| !head.contains("upgrade") && !head.contains("http2-settings")),
        "{heads:?}"
    );
}

/// Waits until the tunnel is cut.
async fn ends(mut caller: TcpStream, what: &str) {
    let end = tokio::time::timeout(Duration::from_secs(20), caller.read_u8()).await;
    assert!(end.unwrap_or_else(|_| panic!("never: {what}")).is_err(), "{what}");
}

#[tokio::test]
async fn a_tunnel_ends_with_its_token() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let caller = tunnel(&gate, "").await;
    gate.clock.advance(Duration::from_hours(1));
    ends(caller, "expired").await;
}

#[tokio::test]
async fn a_tunnel_ends_when_what_let_it_in_is_revoked() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup::before(upstream.address));
    for subject in revocable() {
        gate.revocations.replace(DenyList::default());
        let mut caller = tunnel(&gate, "").await;
        caller.write_all(b"open").await.unwrap();
        hears(&mut caller, "OPEN").await;
        gate.revocations.replace(denying(subject.clone()));
        ends(caller, &format!("{subject:?}")).await;
    }
}

#[tokio::test]
async fn a_tunnel_ends_with_the_installation_or_a_scope_of_it_and_not_with_the_directory() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let changed = || gate.invalidations.installation(APP.parse().unwrap(), TENANT.parse().unwrap());
    let mut caller = tunnel(&gate, "").await;
    gate.directory.set_down(true);
    changed();
    let asked = gate.directory.asked();
    eventually("it is looked at", || gate.directory.asked() > asked + 1).await;
    caller.write_all(b"still open").await.unwrap();
    hears(&mut caller, "STILL OPEN").await;
    gate.directory.set_down(false);
    gate.directory.install("items.read");
    changed();
    ends(caller, "a scope less").await;

    let caller = tunnel(&gate, "").await;
    gate.directory.remove();
    changed();
    ends(caller, "uninstalled").await;
}

#[tokio::test]
async fn a_tunnel_outlives_the_listener_until_it_is_drained() {
    let upstream = Shouting::answering(SWITCHES).await;
    let gate = Gate::start(Setup::before(upstream.address));
    let mut caller = tunnel(&gate, "").await;
    let address = gate.address;
    gate.stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!gate.stopped.is_finished());
    caller.write_all(b"still here").await.unwrap();
    hears(&mut caller, "STILL HERE").await;
    drop(caller);
    gate.stopped.await.unwrap().unwrap();
}
