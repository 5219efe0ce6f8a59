//! Paths that want to be read in two ways. None reaches the upstream.

use crate::kit::{Empty as _, Gate, TENANT, call, raw};

/// Sends a request line as it is, with good credentials.
async fn send(gate: &Gate, target: &str) -> String {
    let token = gate.issuer.machine("items.read items.write");
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nX-Tenant-ID: {TENANT}\r\n\r\n"
    );
    raw(gate.address, &request).await
}

#[tokio::test]
async fn attacks_by_path_never_reach_the_upstream() {
    let (gate, upstream) = Gate::and_upstream().await;
    for (target, status) in [
        ("/erp", 404),
        ("/erp/", 400),
        ("/erp/v2/../../admin", 400),
        ("/erp/v2/../v2/info", 400),
        ("/erp/v2/%2e%2e/%2E%2e/admin", 400),
        ("/erp/../v2/info", 400),
        ("/erp/./v2/info", 400),
        ("/erp//v2/info", 400),
        ("/erp/v2//info", 400),
        ("/erp/v2/info/", 400),
        ("/erp/v2/info.", 400),
        ("/erp/v2/info%2E", 400),
        ("/erp/v2/info%20", 400),
        ("/erp/v2./info", 400),
        ("/erp/v2%2finfo", 400),
        ("/erp/v2%5cinfo", 400),
        ("/erp/v2/info;x=y", 400),
        ("/erp/v2/info%3bx", 400),
        ("/erp/v2/info%00", 400),
        ("/erp/v2/info%0d%0aX-Evil:%201", 400),
        ("/erp/v2/%252e%252e/info", 400),
        ("/erp/v2/%c0%ae%c0%ae/info", 400),
        ("/erp/v2/%ef%bc%8e%ef%bc%8e/info", 400),
        ("/erp/v2/%zz", 400),
        ("/erp/v2/%c4%b1nfo", 400),
        // Not the gateway's: the fallback answers.
        ("//evil/erp/v2/info", 418),
        ("//erp/v2/info", 418),
        ("/ERP/v2/info", 418),
        ("/%65rp/v2/info", 418),
        ("/erp%2fv2/info", 418),
        ("/erpx/v2/info", 418),
        ("/x/../erp/v2/info", 418),
        ("/", 418),
        ("*", 418),
    ] {
        let answer = send(&gate, target).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{target}: {answer}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn requests_that_are_no_http_never_reach_the_upstream() {
    let (gate, upstream) = Gate::and_upstream().await;
    for target in ["/erp/v2/in fo", "erp/v2/info", "/erp/v2/info\u{1}"] {
        let answer = send(&gate, target).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{target:?}: {answer}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn an_absolute_target_cannot_choose_the_upstream() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer = send(&gate, "http://evil.example/erp/v2/info?x=1").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let seen = upstream.only();
    assert_eq!(seen.parts.uri, "/v2/info?x=1");
    assert_eq!(seen.parts.headers["host"], upstream.address.to_string());
}

#[tokio::test]
async fn the_path_that_is_judged_is_the_one_that_is_forwarded() {
    for (path, forwarded) in [
        ("/erp/v2/%69tems", "/v2/items"),
        ("/erp/V2/ITEMS/aB", "/V2/ITEMS/aB"),
        ("/erp/v2/items/gr%c3%b6sse%20m", "/v2/items/gr%C3%B6sse%20m"),
        ("/erp/v2/items?q=%2e%2e%2f..//&q=%zz", "/v2/items?q=%2e%2e%2f..//&q=%zz"),
        ("/erp/info", "/info"),
        ("/erp/v1/items", "/v1/items"),
    ] {
        let (gate, upstream) = Gate::and_upstream().await;
        assert_eq!(call(gate.good("GET", path).empty()).await.status, 200, "{path}");
        assert_eq!(upstream.only().parts.uri, forwarded);
    }
}
