//! Messages whose end two servers could see in different places, and heads that come before their body.

use crate::kit::{Counted, Empty as _, Gate, TENANT, call, raw};
use einlass_proxy::body::full;

/// A POST with good credentials, these further header lines and this body.
fn post(gate: &Gate, lines: &str, body: &str) -> String {
    let token = gate.issuer.machine("items.write");
    format!(
        "POST /erp/v2/items HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nX-Tenant-ID: {TENANT}\r\n{lines}\r\n{body}"
    )
}

#[tokio::test]
async fn a_body_has_one_end() {
    let hidden = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
    for lines in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: 1, 1\r\n",
    ] {
        let (gate, upstream) = Gate::and_upstream().await;
        let answer = raw(gate.address, &post(&gate, lines, hidden)).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{lines}: {answer}");
        if answer.starts_with("HTTP/1.1 200 ") {
            let seen = upstream.only();
            assert_eq!((seen.parts.uri.path(), seen.body.len()), ("/v2/items", 0), "{lines}");
        } else {
            assert_eq!((&answer[9..12], upstream.calls()), ("400", 0), "{lines}");
        }
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_the_callers_fault() {
    let (gate, upstream) = Gate::and_upstream().await;
    for broken in ["4\r\nbody\r\nzz\r\n", "4\r\nbodyand more", "ffffffffffffffffff\r\n", "-1\r\n"] {
        let answer = raw(gate.address, &post(&gate, "Transfer-Encoding: chunked\r\n", broken)).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("BodyBroken"), "{broken:?}: {answer}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_coding_that_nobody_would_decode_is_refused() {
    let (gate, upstream) = Gate::and_upstream().await;
    for (coding, is_fine) in [("gzip, chunked", false), ("chunked, chunked", false), ("CHUNKED", true)] {
        let lines = format!("Transfer-Encoding: {coding}\r\n");
        let answer = raw(gate.address, &post(&gate, &lines, "4\r\nbody\r\n0\r\n\r\n")).await;
        assert_eq!(answer.starts_with("HTTP/1.1 200 "), is_fine, "{coding}: {answer}");
        assert!(is_fine || matches!(&answer[9..12], "501" | "400"), "{coding}: {answer}");
    }
    assert_eq!(upstream.only().body, "body");
}

#[tokio::test]
async fn a_caller_that_waits_for_leave_gets_it_only_when_it_may_pass() {
    let (gate, upstream) = Gate::and_upstream().await;
    let lines = "Expect: 100-continue\r\nContent-Length: 4\r\n";
    let answer = raw(gate.address, &post(&gate, lines, "body")).await;
    assert!(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), "{answer}");
    assert_eq!(upstream.only().body, "body");
    let refused = post(&gate, lines, "").replace("Bearer ", "Basic ");
    let answer = raw(gate.address, &refused).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[tokio::test]
async fn a_refusal_reaches_a_caller_that_is_still_sending() {
    let (gate, upstream) = Gate::and_upstream().await;
    let (body, watch) = Counted::body(100_000);
    assert_eq!(call(gate.request("POST", "/erp/v2/items").body(body).unwrap()).await.status, 401);
    assert!(watch.taken() < 100_000);
    assert_eq!(upstream.calls(), 0);
    assert_eq!(call(gate.good("POST", "/erp/v2/items").body(full("x")).unwrap()).await.status, 200);
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
}
