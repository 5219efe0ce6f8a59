//! What administrators do is written down.

use crate::support::TestPlatform;
use einlass_protocol::revocation::Subject;
use einlass_server::audit::Actor;
use einlass_store::AuditFilter;
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
    assert_eq!(said, [("distrust key", kid.as_str()), ("rotate keys", ""), ("revoke app", &app)]);
    for event in &events {
        assert_eq!((event.actor.as_str(), event.address.as_str()), ("admin token anna", "192.0.2.7"));
        assert_eq!((&event.request_id, event.id.get_version_num()), (&request_id.to_string(), 7));
    }
}
