//! Who is said to have called how much.

use crate::kit::{APP, Empty as _, Gate, StillClock, TENANT, Upstream, call, text};
use crate::kit::{Setup, eventually};
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageKey, UsageRow};
use http::StatusCode;
use std::time::Duration;
use uuid::Uuid;

const CREDENTIAL: &str = "2c0a4a0e-94f4-4a55-a6bb-6a3d6f2f6e55";

/// Minute, tenant, scope, calls and errors of every row, in order; all rows are of the tokens' app and secret.
fn counted(gate: &Gate) -> Vec<(i64, Option<String>, String, u64, u64)> {
    let mut rows = gate.counters.take_usage();
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    let plain = |UsageRow { key: UsageKey { minute, caller, tenant, scope }, counts }: UsageRow| {
        let caller = caller.unwrap();
        assert_eq!(
            (caller.app.unwrap().to_string(), caller.credential.to_string()),
            (APP.into(), CREDENTIAL.into())
        );
        assert_eq!(counts.tokens, 0);
        let scope = scope.map(|scope| scope.to_string()).unwrap_or_default();
        let minutes = minute.since(UnixTime::from_seconds(StillClock::START).minute()).as_secs() / 60;
        let tenant = tenant.map(|tenant| tenant.to_string());
        (i64::try_from(minutes).unwrap(), tenant, scope, counts.calls, counts.errors)
    };
    rows.into_iter().map(plain).collect()
}

fn at_tenant(minute: i64, scope: &str, calls: u64, errors: u64) -> (i64, Option<String>, String, u64, u64) {
    (minute, Some(TENANT.into()), scope.into(), calls, errors)
}

#[tokio::test]
async fn calls_are_counted_by_minute_and_by_the_scopes_that_they_needed() {
    let (gate, _upstream) = Gate::and_upstream().await;
    for path in ["/erp/v2/items", "/erp/v2/items/7", "/erp/v2/info"] {
        assert_eq!(call(gate.good("GET", path).empty()).await.status, 200);
    }
    gate.clock.advance(Duration::from_mins(1));
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    let expected = [
        at_tenant(0, "", 3, 0),
        at_tenant(0, "items.read", 2, 0),
        at_tenant(1, "", 1, 0),
        at_tenant(1, "items.read", 1, 0),
    ];
    assert_eq!(counted(&gate), expected);
    assert_eq!(counted(&gate), [], "what was taken is gone");
}

#[tokio::test]
async fn refusals_are_counted_under_whoever_was_known_by_then() {
    let (gate, upstream) = Gate::and_upstream().await;
    // Nobody's: there is no good token.
    let request = gate.request("GET", "/erp/v2/items").header("authorization", "Bearer x.y.z");
    assert_eq!(call(request.header("x-tenant-id", TENANT).empty()).await.status, 401);
    // The app's: a tenant that is merely said to have the app is none.
    let stranger = Uuid::from_u128(1).to_string();
    let token = format!("Bearer {}", gate.issuer.machine("items.read"));
    let request = gate.request("GET", "/erp/v2/items").header("authorization", &token);
    assert_eq!(call(request.header("x-tenant-id", stranger).empty()).await.status, 403);
    // The app's at the tenant: nothing let it in, so it used no scope.
    assert_eq!(call(gate.good("DELETE", "/erp/v2/items/7").empty()).await.status, 403);
    assert_eq!(counted(&gate), [(0, None, String::new(), 1, 1), at_tenant(0, "", 1, 1)]);
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_call_fails_when_the_upstream_does_and_not_when_it_says_no() {
    for (status, errors) in [(StatusCode::NOT_FOUND, 0), (StatusCode::INTERNAL_SERVER_ERROR, 1)] {
        let upstream = Upstream::answering(move || {
            let mut response = text("what became of it");
            *response.status_mut() = status;
            response
        })
        .await;
        let gate = Gate::start(Setup::before(upstream.address));
        assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, status);
        assert_eq!(counted(&gate), [at_tenant(0, "", 1, errors), at_tenant(0, "items.read", 1, errors)]);
    }
}

#[tokio::test]
async fn every_worker_counts_and_all_of_it_is_taken_together() {
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { workers: 2, ..Setup::before(upstream.address) });
    // Each call has a connection of its own, which any worker may take.
    for _ in 0..20 {
        assert_eq!(call(gate.good("GET", "/erp/v2/info").empty()).await.status, 200);
    }
    let mut calls = 0;
    eventually("all are counted", || {
        calls += counted(&gate).iter().map(|row| row.3).sum::<u64>();
        calls >= 20
    })
    .await;
    assert_eq!(calls, 20);
}
