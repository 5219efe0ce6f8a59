//! A listener behind TLS.

use crate::kit::{Empty as _, Gate, Pki, Setup, Upstream, eventually, printed, read, text, trusting};
use einlass_proxy::listen::{Settings, Tls};
use http::Version;
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

const SOON: Duration = Duration::from_millis(100);

async fn secured(pki: &Pki) -> (Gate, Upstream, Settings) {
    let own = pki.issue("127.0.0.1");
    let tls = Some(Tls::open(own.certificate, own.key).unwrap());
    let listen = Settings { tls, header_read: SOON * 5, ..Settings::default() };
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { listen: listen.clone(), ..Setup::before(upstream.address) });
    (gate, upstream, listen)
}

fn https(gate: &Gate) -> http::Request<einlass_proxy::body::Body> {
    let mut request = gate.good("GET", "/erp/v2/items").empty();
    *request.uri_mut() = format!("https://{}/erp/v2/items", gate.address).parse().unwrap();
    request
}

/// The certificate that the listener shows, and the version that it picks of these.
async fn shown(gate: &Gate, pki: &Pki, versions: &[&[u8]]) -> std::io::Result<(Vec<u8>, Option<Vec<u8>>)> {
    let mut config = pki.trusting();
    config.alpn_protocols = versions.iter().map(|version| version.to_vec()).collect();
    let stream = TcpStream::connect(gate.address).await?;
    let name = "127.0.0.1".try_into().unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let (_, connection) = stream.get_ref();
    let certificate = connection.peer_certificates().unwrap()[0].to_vec();
    Ok((certificate, connection.alpn_protocol().map(<[u8]>::to_vec)))
}

#[tokio::test]
async fn calls_come_over_tls_and_the_upstream_is_told() {
    let pki = Pki::new();
    let (gate, upstream, _) = secured(&pki).await;
    let answer = trusting(&pki).request(https(&gate)).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
    assert_eq!(read(answer).await.body, "served");
    assert_eq!(upstream.only().parts.headers["x-forwarded-proto"], "https");
}

#[tokio::test]
async fn the_version_is_settled_by_alpn() {
    let pki = Pki::new();
    let (gate, ..) = secured(&pki).await;
    for (offered, picked) in
        [(&[&b"h2"[..], b"http/1.1"][..], Some(&b"h2"[..])), (&[b"http/1.1"], Some(b"http/1.1")), (&[], None)]
    {
        assert_eq!(shown(&gate, &pki, offered).await.unwrap().1.as_deref(), picked);
    }
    assert!(shown(&gate, &pki, &[b"imap"]).await.is_err());
}

#[tokio::test]
async fn a_renewed_certificate_is_served_and_a_faulty_one_is_not() {
    let pki = Pki::new();
    let (gate, ..) = secured(&pki).await;
    let certificate = async || shown(&gate, &pki, &[]).await.unwrap().0;
    let first = certificate().await;
    let own = pki.issue("other");
    let place = own.certificate.parent().unwrap();
    // Somebody else's certificate, without its key.
    fs::copy(&own.certificate, place.join("127.0.0.1.pem")).unwrap();
    let until = tokio::time::Instant::now() + SOON * 15;
    while tokio::time::Instant::now() < until {
        assert_eq!(certificate().await, first);
        tokio::time::sleep(SOON).await;
    }
    pki.issue("127.0.0.1");
    let renewed = async {
        while certificate().await == first {
            tokio::time::sleep(SOON).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), renewed).await.expect("the new one is never served");
}

#[tokio::test]
async fn who_does_not_get_through_tls_is_let_go_and_counted() {
    let pki = Pki::new();
    let (gate, upstream, settings) = secured(&pki).await;
    for bytes in [&b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"[..], b""] {
        let mut stream = TcpStream::connect(gate.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut rest = Vec::new();
        // It may be told so by an alert, or by a reset.
        let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await.unwrap();
        assert!(!rest.starts_with(b"HTTP"));
    }
    let page = || printed(|page| settings.counters.write_to(page, "main"));
    eventually("both are counted and gone", || {
        let page = page();
        page.contains("einlass_tls_handshakes_failed_total{listener=\"main\"} 2\n")
            && page.contains("einlass_connections_open{listener=\"main\"} 0\n")
    })
    .await;
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_connection_that_is_idle_behind_tls_does_not_keep_a_stopped_listener() {
    let pki = Pki::new();
    let (gate, ..) = secured(&pki).await;
    let client = trusting(&pki);
    read(client.request(https(&gate)).await.unwrap()).await;
    gate.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(20), gate.stopped).await.unwrap().unwrap().unwrap();
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let pki = Pki::new();
    let (own, other) = (pki.issue("own"), pki.issue("other"));
    for (certificate, key, complaint) in [
        ("/nowhere.pem".into(), own.key.clone(), "/nowhere.pem: "),
        (own.certificate.clone(), "/nowhere.key".into(), "/nowhere.key: "),
        (own.key.clone(), own.key.clone(), "own.key: there is no certificate in it"),
        (own.certificate.clone(), own.certificate.clone(), "own.pem: "),
        (own.certificate.clone(), other.key, "own.pem: it does not belong to the key in "),
    ] {
        let fault = Tls::open(certificate, key).unwrap_err().to_string();
        assert!(fault.contains(complaint), "{fault}");
    }
    let tls = Tls::open(own.certificate, own.key).unwrap();
    assert!(format!("{tls:?}").len() < 500, "what was read is not printed");
}
