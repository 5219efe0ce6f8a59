//! How the policy is applied: strictly or by report, and by the one that is in force.

use crate::kit::{Empty as _, Gate, Setup, Upstream, call, compile, text};
use einlass_proxy::gateway::Mode;

async fn reporting() -> (Gate, Upstream) {
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { mode: Mode::Report, ..Setup::before(upstream.address) });
    (gate, upstream)
}

#[tokio::test]
async fn a_call_that_lacks_scopes_passes_by_report_and_is_counted() {
    let (gate, upstream) = reporting().await;
    let token = gate.issuer.machine("other.scope");
    assert_eq!(call(gate.with_token("GET", "/erp/v2/items", &token).empty()).await.status, 200);
    let seen = upstream.only();
    assert_eq!(seen.parts.headers["x-einlass-scopes"], "", "what the upstream is told stays true");
    assert_eq!(gate.counters.read().reported, 1);
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    let counts = gate.counters.read();
    assert_eq!((counts.reported, counts.by_class), (1, [0, 2, 0, 0, 0]));
}

#[tokio::test]
async fn everything_but_scopes_is_enforced_by_report_too() {
    let (gate, upstream) = reporting().await;
    let person = gate.issuer.person("items.read items.write");
    let stranger =
        gate.issuer.sign(&gate.issuer.header(), &crate::kit::claims(&serde_json::json!({ "aud": "x" })));
    for (request, status) in [
        (gate.request("GET", "/erp/v2/items"), 401),
        (gate.with_token("GET", "/erp/v2/items", &stranger), 401),
        (gate.good("GET", "/erp/v2//items"), 400),
        (gate.good("GET", "/erp/v2/nothing"), 404),
        (gate.good("PUT", "/erp/v2/items"), 405),
        (gate.good("GET", "/erp/v2/unstated"), 404),
        (gate.good("GET", "/erp/v2/open"), 403),
        (gate.good("GET", "/erp/v2/foreign"), 403),
        (gate.with_token("POST", "/erp/v2/items", &person), 403),
        (gate.good("GET", "/erp/v2/mine"), 403),
    ] {
        let answer = call(request.empty()).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    gate.directory.remove();
    gate.invalidations.everything();
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 403);
    assert_eq!((upstream.calls(), gate.counters.read().reported), (0, 0));
}

#[tokio::test]
async fn a_policy_that_is_put_in_force_judges_the_next_call() {
    let (gate, _upstream) = Gate::and_upstream().await;
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    assert_eq!(call(gate.good("GET", "/erp/v2/new").empty()).await.status, 404);
    gate.policy.replace(compile("openapi: 3.0.0\npaths: { /v2/new: { get: { security: [{ Wawi: [] }] } } }"));
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 404);
    assert_eq!(call(gate.good("GET", "/erp/v2/new").empty()).await.status, 200);
}
