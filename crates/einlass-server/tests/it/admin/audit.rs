//! The audit, as it is asked.

use super::text;
use crate::support::TestPlatform;
use serde_json::{Value, json};
use std::time::Duration;

fn actions(events: &Value) -> Vec<String> {
    events["items"].as_array().unwrap().iter().map(|event| text(&event["action"])).collect()
}

#[tokio::test]
async fn events_are_found_by_who_what_whom_and_when() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/apps", &json!({"technical_name": "x"})).await;
    platform.clock.advance(Duration::from_secs(1));
    let token = text(&platform.create("/admin-tokens", &json!({"name": "ops"})).await["token"]);
    platform.clock.advance(Duration::from_secs(1));
    platform.administer_as(&token, "POST", "/keys/rotate", "").await;

    let all = platform.ask("/audit").await;
    // The keys of two issuers.
    assert_eq!(actions(&all), ["rotate keys", "rotate keys", "create admin token", "create app"]);
    let at = |index: usize| text(&all["items"][index]["at"]);
    let app = text(&made["app"]["id"]);
    for (filter, found) in [
        ("actor=admin%20token%20ops".to_owned(), &["rotate keys", "rotate keys"][..]),
        ("action=create%20app".into(), &["create app"]),
        (format!("subject={app}"), &["create app"]),
        (format!("subject={app}&actor=admin%20token%20dev"), &["create app"]),
        (format!("subject={app}&actor=admin%20token%20ops"), &[]),
        ("outcome=refused".into(), &[]),
        ("outcome=done&limit=1".into(), &["rotate keys"]),
        (format!("since={}", at(2)), &["rotate keys", "rotate keys", "create admin token"]),
        (format!("until={}", at(2)), &["create app"]),
        (format!("since={0}&until={0}", at(2)), &[]),
    ] {
        assert_eq!(actions(&platform.ask(&format!("/audit?{filter}")).await), found, "{filter}");
    }
    let event = &all["items"][3];
    assert_eq!((&event["address"], &event["outcome"]), (&json!("192.0.2.1"), &json!("done")));
    assert_eq!(text(&event["request_id"]).len(), 36);
}
