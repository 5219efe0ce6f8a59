//! Proxies in front of the listener: what is believed, and of whom.

use crate::kit::{Empty as _, Gate, Setup, TENANT, Upstream, call, printed, raw, text};
use einlass_proxy::listen::{Hosts, Proxies, Settings};

async fn behind(listen: Settings) -> (Gate, Upstream) {
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { listen, ..Setup::before(upstream.address) });
    (gate, upstream)
}

fn trusting(network: &str) -> Settings {
    Settings { proxies: Proxies::trusting([network]).unwrap(), ..Settings::default() }
}

#[tokio::test]
async fn the_upstream_is_told_the_callers_address_and_scheme() {
    for (network, caller, scheme) in
        [("127.0.0.0/8", "198.51.100.7", "https"), ("10.0.0.0/8", "127.0.0.1", "http")]
    {
        let (gate, upstream) = behind(trusting(network)).await;
        let request = gate.good("GET", "/erp/v2/items").header("x-forwarded-proto", "https");
        let request = request.header("x-forwarded-for", "203.0.113.9, 198.51.100.7, 127.0.0.5");
        assert_eq!(call(request.empty()).await.status, 200, "{network}");
        let headers = upstream.only().parts.headers;
        assert_eq!(
            (&headers["x-forwarded-for"], &headers["x-forwarded-proto"]),
            (&caller.parse().unwrap(), &scheme.parse().unwrap())
        );
    }
}

#[tokio::test]
async fn nonsense_of_a_trusted_proxy_reaches_nobody() {
    let (gate, upstream) = behind(trusting("127.0.0.1")).await;
    for (name, value) in [("x-forwarded-for", "nobody"), ("x-forwarded-proto", "gopher")] {
        let request = gate.good("GET", "/erp/v2/items").header(name, value);
        assert_eq!(call(request.empty()).await.status, 400, "{name}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_listener_for_proxies_alone_answers_nobody_else() {
    let only = |network: &str| Settings {
        proxies: Proxies::trusting([network]).unwrap().only(),
        ..Settings::default()
    };
    let (gate, _) = behind(only("127.0.0.1")).await;
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    let settings = only("10.0.0.0/8");
    let (gate, upstream) = behind(settings.clone()).await;
    let connection = tokio::net::TcpStream::connect(gate.address).await;
    let mut byte = [0; 1];
    // Closed at once: the end of the stream, or a reset.
    assert!(matches!(
        tokio::io::AsyncReadExt::read(&mut connection.unwrap(), &mut byte).await,
        Ok(0) | Err(_)
    ));
    let page = printed(|page| settings.counters.write_to(page, "main"));
    let line = "einlass_connections_refused_total{listener=\"main\",reason=\"no_trusted_proxy\"} 1\n";
    assert!(page.contains(line), "{page}");
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_listener_answers_under_its_own_names() {
    let hosts = Hosts::Named(vec!["api.example".into()]);
    let (gate, upstream) = behind(Settings { hosts, ..Settings::default() }).await;
    let token = gate.issuer.machine("items.read");
    let get = |host: &str| {
        format!(
            "GET /erp/v2/items HTTP/1.1\r\n{host}Connection: close\r\nAuthorization: Bearer {token}\r\n\
             X-Tenant-ID: {TENANT}\r\n\r\n"
        )
    };
    for (host, status) in [
        ("Host: api.example\r\n", 200),
        ("Host: API.example:8443\r\n", 200),
        ("Host: evil.example\r\n", 421),
        ("", 421),
    ] {
        let answer = raw(gate.address, &get(host)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");
    }
    assert_eq!(upstream.calls(), 2);
}
