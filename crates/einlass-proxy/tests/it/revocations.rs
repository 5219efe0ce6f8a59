//! What was revoked is refused from the next call on, whoever asks for it.

use crate::kit::{APP, Empty as _, Gate, StillClock, TENANT, call, claims, denying, revocable};
use einlass_client::clock::Clock as _;
use einlass_protocol::revocation::{DenyList, Subject};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_revoked_token_is_refused_from_the_next_call_on() {
    let (gate, upstream) = Gate::and_upstream().await;
    for subject in revocable() {
        gate.revocations.replace(DenyList::default());
        assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200, "{subject:?}");
        let served = upstream.calls();
        gate.revocations.replace(denying(subject.clone()));
        let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
        assert_eq!(answer.status, 401, "{subject:?}");
        assert_eq!(
            answer.header("www-authenticate"),
            Some(r#"Bearer realm="einlass", error="invalid_token""#),
            "{subject:?}"
        );
        assert_eq!(upstream.calls(), served, "{subject:?}");
    }
}

#[tokio::test]
async fn a_revoked_token_learns_nothing_about_operations() {
    let (gate, _upstream) = Gate::and_upstream().await;
    for subject in &revocable()[..4] {
        gate.revocations.replace(denying(subject.clone()));
        assert_eq!(call(gate.good("GET", "/erp/v2/nothing").empty()).await.status, 401, "{subject:?}");
    }
}

#[tokio::test]
async fn a_token_that_was_issued_later_passes_unless_it_or_its_credential_is_named() {
    let (gate, _upstream) = Gate::and_upstream().await;
    let newer = claims(&json!({ "iat": StillClock::START + 1, "nbf": StillClock::START + 1 }));
    let newer = gate.issuer.sign(&gate.issuer.header(), &newer);
    for (index, subject) in revocable().into_iter().enumerate() {
        gate.revocations.replace(denying(subject));
        let answer = call(gate.with_token("GET", "/erp/v2/items", &newer).empty()).await;
        assert_eq!(answer.status, if index < 2 { 401 } else { 200 }, "subject {index}");
    }
}

#[tokio::test]
async fn what_is_revoked_for_one_tenant_or_app_is_no_matter_of_another() {
    let (gate, _upstream) = Gate::and_upstream().await;
    let (other, tenant) = ("0b8f1e0c-5d7a-4c52-9d8e-000000000000", TENANT.parse().unwrap());
    for subject in [
        Subject::App(other.parse().unwrap()),
        Subject::Tenant(other.parse().unwrap()),
        Subject::Installation(other.parse().unwrap(), tenant),
        Subject::Installation(APP.parse().unwrap(), other.parse().unwrap()),
    ] {
        gate.revocations.replace(denying(subject.clone()));
        assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200, "{subject:?}");
    }
}

#[tokio::test]
async fn who_hears_nothing_for_half_a_minute_lets_nobody_in() {
    let (gate, _upstream) = Gate::and_upstream().await;
    let status = async || call(gate.good("GET", "/erp/v2/items").empty()).await.status;
    gate.clock.advance(Duration::from_mins(2));
    assert_eq!(status().await, 200, "nobody has promised to say anything");
    gate.revocations.confirm(gate.clock.monotonic());
    gate.clock.advance(Duration::from_secs(30));
    assert_eq!(status().await, 200);
    gate.clock.advance(Duration::from_millis(1));
    assert_eq!(status().await, 503);
    gate.revocations.confirm(gate.clock.monotonic());
    assert_eq!(status().await, 200);
}
