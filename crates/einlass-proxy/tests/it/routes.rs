//! Which of several gateways answers, and who answers when none does.

use crate::kit::{Empty as _, Gate, Setup, Upstream, call, text};

async fn gate(prefixes: &'static [&'static str], has_fallback: bool) -> (Gate, Upstream) {
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { prefixes, has_fallback, ..Setup::before(upstream.address) });
    (gate, upstream)
}

#[tokio::test]
async fn the_longest_prefix_of_whole_segments_answers() {
    let (gate, upstream) = gate(&["/erp", "/erp/deep", "/account"], true).await;
    for path in ["/erp/v2/items", "/erp/deep/v2/items", "/account/v2/items"] {
        assert_eq!(call(gate.good("GET", path).empty()).await.status, 200, "{path}");
        assert_eq!(upstream.take()[0].parts.uri, "/v2/items", "{path}");
    }
    for path in ["/erpx/v2/items", "/accoun", "/deep/v2/items"] {
        assert_eq!(call(gate.good("GET", path).empty()).await.status, 418, "{path}");
    }
    // A part of the segment `deep` makes it a path of the shorter prefix.
    assert_eq!(call(gate.good("GET", "/erp/deeper/v2/items").empty()).await.status, 404);
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn without_a_fallback_the_rest_is_not_found_in_the_gateways_words() {
    let (gate, upstream) = gate(&["/erp", "/account"], false).await;
    for path in ["/", "/oauth2/token", "/erpx/v2/items"] {
        let answer = call(gate.good("GET", path).empty()).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-request-id").is_some()), (404, true), "{path}");
        assert!(answer.json().to_string().contains("OperationUnknown"), "{path}");
    }
    assert_eq!((upstream.calls(), gate.counters.read().by_class[3]), (0, 3));
}

#[tokio::test]
async fn a_listener_may_have_no_gateway() {
    let (with, _) = gate(&[], true).await;
    assert_eq!(call(with.good("GET", "/erp/v2/items").empty()).await.status, 418);
    let (without, _) = gate(&[], false).await;
    assert_eq!(call(without.good("GET", "/erp/v2/items").empty()).await.status, 404);
}

#[tokio::test]
async fn a_gateway_may_have_a_host_of_its_own() {
    let (gate, upstream) = gate(&[""], false).await;
    assert_eq!(call(gate.good("GET", "/v2/items").empty()).await.status, 200);
    assert_eq!(upstream.only().parts.uri, "/v2/items");
}
