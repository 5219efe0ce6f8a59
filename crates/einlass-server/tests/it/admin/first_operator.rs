//! The first operator: a one-time code for an admin token.

use super::text;
use crate::support::{Reply, TestPlatform, late_body};
use einlass_protocol::secret::SecretKind;
use einlass_server::peer::Peer;
use http::Request;
use serde_json::json;
use std::time::Duration;

impl TestPlatform {
    async fn claim(&self, code: &str) -> Reply {
        let body = json!({"code": code, "name": "anna"}).to_string();
        self.administer_as("", "POST", "/admin-tokens/claim", &body).await
    }

    /// A platform that nobody administers.
    async fn without_operator() -> Self {
        let platform = Self::start().await;
        platform.administer("DELETE", "/admin-tokens/dev", "").await;
        assert!(platform.platform.first_operator_code().await.unwrap().is_none(), "there is an admin");
        platform.behind_its_back(&["DELETE FROM memberships"]).await;
        platform
    }
}

#[tokio::test]
async fn of_the_codes_of_all_nodes_one_is_traded_and_once() {
    let platform = TestPlatform::without_operator().await;
    let (other, _) =
        platform.another_node(einlass_server::PlatformSettings::new(crate::support::ISSUER)).await;
    let old = other.first_operator_code().await.unwrap().unwrap();
    let code = platform.platform.first_operator_code().await.unwrap().unwrap();
    assert_eq!(SecretKind::recognise(code.expose()), Some(SecretKind::OneTimeCode));
    let made = platform.claim(code.expose()).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["admin_token"]["access"], "full");
    assert_eq!(super::error(&platform.claim(code.expose()).await), (403, "forbidden".into()));
    assert_eq!(super::error(&platform.claim(old.expose()).await), (403, "forbidden".into()));
    assert!(platform.platform.first_operator_code().await.unwrap().is_none());

    platform.platform.write_refusals(Duration::MAX).await.unwrap();
    let token = text(&made.json()["token"]);
    let audit = platform.administer_as(&token, "GET", "/audit?action=claim%20admin%20token", "").await;
    let events = audit.json()["items"].as_array().unwrap().clone();
    let said: Vec<_> = events.iter().map(|event| (text(&event["actor"]), text(&event["outcome"]))).collect();
    let mut counts = [("the first operator", "done"), ("somebody", "refused")].map(|(actor, outcome)| {
        said.iter().filter(|event| **event == (actor.to_owned(), outcome.to_owned())).count()
    });
    counts.sort_unstable();
    assert_eq!(counts, [1, 2]);
    assert!(!audit.text().contains(old.expose()) && !audit.text().contains(code.expose()));
}

#[tokio::test]
async fn a_code_counts_for_a_day() {
    let platform = TestPlatform::without_operator().await;
    let code = platform.platform.first_operator_code().await.unwrap().unwrap();
    platform.clock.advance(Duration::from_hours(24));
    assert_eq!(platform.claim(code.expose()).await.status, 403);
}

#[tokio::test]
async fn wrong_codes_are_limited_and_a_minute_later_the_right_one_works() {
    let platform = TestPlatform::without_operator().await;
    let code = platform.platform.first_operator_code().await.unwrap().unwrap();
    for _ in 0..10 {
        assert_eq!(platform.claim("guessed").await.status, 403);
    }
    let reply = platform.claim(code.expose()).await;
    assert_eq!(super::error(&reply), (429, "too_many_requests".into()));
    assert_eq!(reply.header("retry-after"), "60");
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(platform.claim(code.expose()).await.status, 201);
}

#[tokio::test]
async fn the_link_says_what_to_do_with_it() {
    let platform = TestPlatform::start().await;
    let reply = platform.get("/admin/first").await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-type").starts_with("text/html"));
    assert!(reply.text().contains("einlass admin-token claim"));
}

#[tokio::test]
async fn who_sent_too_many_wrong_codes_is_turned_away_before_its_body_is_read() {
    let platform = TestPlatform::without_operator().await;
    for _ in 0..10 {
        platform.claim("guessed").await;
    }
    // A body that never comes would be waited for.
    let (endless, _never) = late_body();
    let request = Request::post("/admin/api/admin-tokens/claim").header("content-type", "application/json");
    let request = request.extension(Peer("192.0.2.1:1234".parse().unwrap()));
    let reply = platform.send(request.body(endless).unwrap()).await;
    assert_eq!(super::error(&reply), (429, "too_many_requests".into()));
}
