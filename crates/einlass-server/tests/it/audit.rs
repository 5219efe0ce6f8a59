//! What administrators do is written down.

use crate::support::{ISSUER, TestPlatform};
use axum::body::Body;
use einlass_protocol::refused::{Refused, RefusedCall};
use einlass_protocol::revocation::Subject;
use einlass_protocol::time::Clock as _;
use einlass_server::audit::Actor;
use einlass_store::{AuditFilter, Outcome};
use http::Request;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn every_administrative_operation_says_who_what_and_from_where() {
    let platform = TestPlatform::start().await;
    let request_id = Uuid::from_u128(7);
    let anna = Actor {
        name: "admin token anna".into(),
        address: Some("192.0.2.7".parse().unwrap()),
        request_id: Some(request_id),
    };
    let app = platform.demo.app;
    platform.platform.revoke(Subject::App(app), &anna).await.unwrap();
    platform.clock.advance(Duration::from_millis(1));
    platform.platform.rotate_keys(&anna).await.unwrap();
    platform.clock.advance(Duration::from_millis(1));
    let kid = platform.platform.signing_keys().await.unwrap()[0].kid.clone();
    assert!(platform.platform.distrust_key(&kid, &anna).await.unwrap());
    assert!(!platform.platform.distrust_key(&kid, &anna).await.unwrap());

    let events = platform.platform.audit(&AuditFilter::default(), 10).await.unwrap();
    let said: Vec<_> = events.iter().map(|event| (event.action.as_str(), event.subject.as_str())).collect();
    let app = app.to_string();
    let second = format!("{ISSUER}/id");
    let mut rotated = [said[1].1, said[2].1];
    rotated.sort_unstable();
    assert_eq!(rotated, [ISSUER, &second], "each issuer has its own keys");
    let rest = [said[0], (said[1].0, ""), (said[2].0, ""), said[3]];
    assert_eq!(
        rest,
        [("distrust key", &*kid), ("rotate keys", ""), ("rotate keys", ""), ("revoke app", &app)]
    );
    for event in &events {
        assert_eq!((event.actor.as_str(), event.address.as_str()), ("admin token anna", "192.0.2.7"));
        assert_eq!((&event.request_id, event.id.get_version_num()), (&request_id.to_string(), 7));
    }
}

#[tokio::test]
async fn an_installation_by_the_api_is_written_down_under_the_name_of_its_request() {
    let platform = TestPlatform::start().await;
    let path =
        format!("/admin/api/tenants/{}/installations/{}", platform.demo.other_tenant, platform.demo.app);
    let administer = async |method: &str| {
        let token = format!("Bearer {}", platform.demo.admin_token.expose());
        let request = Request::builder().method(method).uri(&path).header("authorization", token);
        let reply = platform.send(request.body(Body::empty()).unwrap()).await;
        assert!(reply.status.is_success());
        platform.clock.advance(Duration::from_millis(1));
        reply.header("x-request-id").to_owned()
    };
    let requests = [administer("PUT").await, administer("DELETE").await];
    administer("DELETE").await;

    let events = platform.platform.audit(&AuditFilter::default(), 10).await.unwrap();
    let said: Vec<_> = events
        .iter()
        .map(|event| (event.action.as_str(), event.actor.as_str(), event.request_id.as_str()))
        .collect();
    let by = "admin token dev";
    assert_eq!(said, [("remove app", by, requests[1].as_str()), ("install app", by, requests[0].as_str())]);
}

#[tokio::test]
async fn whom_the_gateway_refused_is_written_down_and_alike_calls_once() {
    let platform = TestPlatform::start().await;
    let app = platform.demo.app;
    let call = RefusedCall {
        caller: "client 4711".into(),
        app: Some(app),
        tenant: Some(platform.demo.other_tenant),
        operation: "GET /v2/items".into(),
        reason: "NotInstalled",
    };
    let request_id = Uuid::from_u128(9);
    let address = "192.0.2.9".parse().unwrap();
    let at = platform.clock.wall();
    let refused = Refused { call, at, address, request_id, times: 12 };
    *platform.told.refused.lock().unwrap() = (vec![refused], 3);

    platform.platform.note_refused_calls();
    platform.platform.write_refusals(Duration::MAX).await.unwrap();
    let filter = AuditFilter { outcome: Some(Outcome::Refused), ..AuditFilter::default() };
    let mut events = platform.platform.audit(&filter, 10).await.unwrap();
    // Both are of one moment.
    events.sort_by(|one, other| one.action.cmp(&other.action));
    let said: Vec<_> = events.iter().map(|event| (event.action.as_str(), event.detail.clone())).collect();
    let detail = format!("NotInstalled, app {app}, 12 times");
    let left_out = "3 refusals were not written down".to_owned();
    assert_eq!(said, [("call GET /v2/items", detail), ("suppress refusals", left_out)]);
    let event = &events[0];
    assert_eq!((event.actor.as_str(), event.address.as_str()), ("client 4711", "192.0.2.9"));
    assert_eq!((&event.subject, event.at), (&platform.demo.other_tenant.to_string(), at));
    assert_eq!(event.request_id, request_id.to_string());
}
