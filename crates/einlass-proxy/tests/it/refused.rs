//! Who is said to have been refused.

use crate::kit::{APP, Empty as _, Gate, TENANT, call};
use uuid::Uuid;

#[tokio::test]
async fn callers_who_proved_who_they_are_are_told_of_and_alike_calls_once() {
    let (gate, _upstream) = Gate::and_upstream().await;
    // Nobody's: there is no good token.
    let request = gate.request("GET", "/erp/v2/items").header("authorization", "Bearer x.y.z");
    assert_eq!(call(request.header("x-tenant-id", TENANT).empty()).await.status, 401);
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    assert_eq!(gate.counters.take_refused(), (Vec::new(), 0));

    let stranger = Uuid::from_u128(1).to_string();
    let token = format!("Bearer {}", gate.issuer.machine("items.read"));
    for _ in 0..3 {
        let request = gate.request("GET", "/erp/v2/items").header("authorization", &token);
        assert_eq!(call(request.header("x-tenant-id", &stranger).empty()).await.status, 403);
    }
    assert_eq!(call(gate.good("GET", "/erp/v2/nothing").empty()).await.status, 404);
    let (mut refused, left_out) = gate.counters.take_refused();
    refused.sort_by_key(|refused| refused.times);
    let said: Vec<_> = refused
        .iter()
        .map(|it| {
            (it.call.operation.as_str(), it.call.reason, it.call.tenant.map(|id| id.to_string()), it.times)
        })
        .collect();
    let expected =
        [("GET", "OperationUnknown", None, 1), ("GET /v2/items", "NotInstalled", Some(stranger), 3)];
    assert_eq!(said, expected);
    assert_eq!(left_out, 0);
    assert!(refused.iter().all(|it| it.call.app.unwrap().to_string() == APP && it.address.is_loopback()));
}
