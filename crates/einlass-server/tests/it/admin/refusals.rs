//! Who is turned away is written down, without what they presented, and no flood fills the audit.

use super::text;
use crate::support::{TestPlatform, basic};
use einlass_protocol::secret::{Secret, SecretKind};
use serde_json::{Value, json};
use std::time::Duration;

impl TestPlatform {
    /// Every refusal that was written down, the oldest first.
    async fn refusals(&self) -> Vec<Value> {
        self.platform.write_refusals(Duration::ZERO).await.unwrap();
        let events = self.ask("/audit?outcome=refused&limit=500").await["items"].as_array().unwrap().clone();
        events.into_iter().rev().collect()
    }
}

#[tokio::test]
async fn who_may_not_administer_is_written_down() {
    let platform = TestPlatform::start().await;
    let reader =
        text(&platform.create("/admin-tokens", &json!({"name": "r", "access": "read"})).await["token"]);
    let unknown = Secret::from_entropy(SecretKind::AdminToken, &[1; 32]);
    let tokens = ["", platform.demo.client_secret.expose(), unknown.expose(), &reader];
    for token in tokens {
        platform.administer_as(token, "PATCH", "/apps/stock-mirror", "{}").await;
        platform.clock.advance(Duration::from_millis(1));
    }
    platform.administer("DELETE", "/admin-tokens/r", "").await;
    platform.administer_as(&reader, "GET", "/apps", "").await;

    let said: Vec<_> = platform
        .refusals()
        .await
        .iter()
        .map(|event| ["actor", "subject", "detail"].map(|field| text(&event[field])))
        .collect();
    let path = "PATCH /admin/api/apps/{app}";
    let who: Vec<_> = said.iter().map(|[actor, subject, _]| (actor.as_str(), subject.as_str())).collect();
    let somebody = ("somebody", path);
    assert_eq!(
        who,
        [somebody, somebody, somebody, ("admin token r", path), ("admin token r", "GET /admin/api/apps")]
    );
    for (event, word) in said.iter().zip(["send", "send", "unknown", "only reads", "revoked"]) {
        assert!(event[2].contains(word), "{event:?}");
        assert!(
            tokens.iter().filter(|token| !token.is_empty()).all(|token| !event.concat().contains(*token))
        );
    }
}

#[tokio::test]
async fn who_gets_no_token_is_written_down() {
    let platform = TestPlatform::start().await;
    let client = platform.demo.client_id.to_string();
    for credentials in [format!("{client}:wrong"), "canary-id:canary-secret".into()] {
        let header = basic(&credentials);
        platform.post_token(&[("authorization", &header)], "grant_type=client_credentials").await;
        platform.clock.advance(Duration::from_millis(1));
    }
    platform.post_token(&[], "grant_type=client_credentials").await;
    let events = platform.refusals().await;
    let said: Vec<_> = events.iter().map(|event| (text(&event["action"]), text(&event["subject"]))).collect();
    let action = "authenticate client".to_owned();
    assert_eq!(said, [(action.clone(), client), (action, "of a foreign form".into())]);
    assert!(!Value::from(events).to_string().contains("canary"));
}

#[tokio::test]
async fn of_a_flood_ten_a_minute_are_written_down_and_the_rest_counted() {
    let platform = TestPlatform::start().await;
    let flood = async || {
        for _ in 0..25 {
            platform.administer_as("", "GET", "/apps", "").await;
        }
    };
    flood().await;
    assert_eq!(platform.refusals().await.len(), 10);
    platform.clock.advance(Duration::from_mins(1));
    flood().await;
    let platform_now = einlass_protocol::time::Clock::monotonic(&*platform.clock);
    platform.platform.write_refusals(platform_now).await.unwrap();
    let events = platform.refusals().await;
    assert_eq!(events.len(), 21);
    let sums: Vec<_> = events.iter().filter(|event| event["action"] == "suppress refusals").collect();
    assert_eq!(sums.len(), 1);
    assert_eq!(sums[0]["detail"], "30 refusals were not written down");
}

#[tokio::test]
async fn refusals_wait_for_a_store_that_is_gone_and_requests_do_not() {
    let platform = TestPlatform::start().await;
    platform.administer_as("", "GET", "/apps", "").await;
    let TestPlatform { folder, platform: node, store, .. } = platform;
    store.close().await;
    assert!(node.write_refusals(Duration::ZERO).await.is_err());
    // Nothing was lost: it fails again instead of having nothing to do.
    assert!(node.write_refusals(Duration::ZERO).await.is_err());
    drop(folder);
}

#[tokio::test]
async fn what_still_waits_is_written_down_at_the_end() {
    let platform = TestPlatform::start().await;
    platform.administer_as("", "GET", "/apps", "").await;
    platform.platform.maintain(std::future::ready(())).await;
    assert_eq!(platform.ask("/audit?outcome=refused").await["items"].as_array().unwrap().len(), 1);
}
