//! Admin tokens.

use super::text;
use crate::support::{TestPlatform, late_body};
use einlass_protocol::secret::{Secret, SecretKind};
use http::Request;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

const NINETY_DAYS: Duration = Duration::from_hours(90 * 24);

#[tokio::test]
async fn a_token_opens_everything_for_ninety_days() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/admin-tokens", &json!({"name": "ops"})).await;
    assert_eq!(made["admin_token"]["access"], "full");
    let token = text(&made["token"]);
    platform.clock.advance(Duration::from_millis(1));
    let status = async || platform.administer_as(&token, "POST", "/keys/rotate", "").await.status.as_u16();
    assert_eq!(status().await, 200);
    assert_eq!(platform.audited().await[0].0, "admin token ops");
    platform.clock.advance(NINETY_DAYS.saturating_sub(Duration::from_millis(2)));
    assert_eq!(status().await, 200);
    platform.clock.advance(Duration::from_millis(1));
    assert_eq!(status().await, 401);
}

#[tokio::test]
async fn a_token_that_reads_changes_nothing() {
    let platform = TestPlatform::start().await;
    let new = json!({"name": "auditor", "access": "read", "expires_in": 60});
    let token = text(&platform.create("/admin-tokens", &new).await["token"]);
    for path in ["/apps", "/audit", "/keys", "/admin-tokens", "/policy/explain?method=GET&path=/erp/v2/items"]
    {
        assert_eq!(platform.administer_as(&token, "GET", path, "").await.status, 200, "{path}");
    }
    for (method, path) in [
        ("POST", "/apps"),
        ("PATCH", "/apps/stock-mirror"),
        ("POST", "/keys/rotate"),
        ("DELETE", "/admin-tokens/dev"),
        ("PUT", "/tenants/annas-bikes/installations/stock-mirror"),
    ] {
        let reply = platform.administer_as(&token, method, path, "{}").await;
        assert_eq!(super::error(&reply), (403, "forbidden".into()), "{method} {path}");
    }
}

#[tokio::test]
async fn a_token_ends_by_name_or_id_and_its_name_is_free() {
    let platform = TestPlatform::start().await;
    let first = platform.create("/admin-tokens", &json!({"name": "ops"})).await;
    let taken = r#"{"name":"ops"}"#;
    assert_eq!(platform.refused("POST", "/admin-tokens", taken).await, (409, "conflict".into()));
    assert_eq!(platform.administer("DELETE", "/admin-tokens/ops", "").await.status, 204);
    assert_eq!(platform.refused("DELETE", "/admin-tokens/ops", "").await, (404, "not_found".into()));
    let second = platform.create("/admin-tokens", &json!({"name": "ops"})).await;
    for _ in 0..2 {
        let path = format!("/admin-tokens/{}", text(&second["admin_token"]["id"]));
        assert_eq!(platform.administer("DELETE", &path, "").await.status, 204);
    }
    for ended in [first, second] {
        let reply = platform.administer_as(&text(&ended["token"]), "GET", "/apps", "").await;
        assert_eq!(super::error(&reply), (401, "unauthenticated".into()));
        assert!(reply.text().contains("revoked"));
    }
    let actions: Vec<String> = platform.audited().await.into_iter().map(|(_, action, _)| action).collect();
    assert_eq!(actions.iter().filter(|action| *action == "revoke admin token").count(), 2);
}

#[tokio::test]
async fn a_name_is_not_an_id() {
    let platform = TestPlatform::start().await;
    let uuid = json!({"name": uuid::Uuid::from_u128(1)}).to_string();
    assert_eq!(platform.refused("POST", "/admin-tokens", &uuid).await, (400, "bad_request".into()));
}

#[tokio::test]
async fn who_sends_many_unknown_tokens_is_turned_away_and_no_token_that_worked_is() {
    let platform = TestPlatform::start().await;
    let fresh = text(&platform.create("/admin-tokens", &json!({"name": "fresh"})).await["token"]);
    let ended = text(&platform.create("/admin-tokens", &json!({"name": "ended"})).await["token"]);
    assert_eq!(platform.administer_as(&ended, "GET", "/keys", "").await.status, 200);
    platform.administer("DELETE", "/admin-tokens/ended", "").await;
    for number in 0..10 {
        let unknown = Secret::from_entropy(SecretKind::AdminToken, &[number; 32]);
        assert_eq!(platform.administer_as(unknown.expose(), "GET", "/keys", "").await.status, 401);
    }
    for (token, status) in [(&fresh, 429), (&ended, 401), (&ended, 429)] {
        let reply = platform.administer_as(token, "GET", "/keys", "").await;
        assert_eq!(reply.status, status, "{}", reply.text());
        assert_eq!(reply.headers.contains_key("retry-after"), status == 429);
    }
    assert_eq!(platform.administer_as("", "GET", "/keys", "").await.status, 401, "no token is none too many");
    assert_eq!(platform.administer("GET", "/keys", "").await.status, 200);
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(platform.administer_as(&fresh, "GET", "/keys", "").await.status, 200);
}

#[tokio::test]
async fn tokens_and_secrets_are_listed_as_they_were_made() {
    let platform = TestPlatform::start().await;
    let secrets = format!("/clients/{}/secrets", platform.demo.client_id);
    for name in ["a", "b", "c", "d"] {
        platform.clock.advance(Duration::from_millis(1));
        for path in ["/admin-tokens", &secrets] {
            platform.create(path, &json!({"name": name})).await;
        }
    }
    for path in ["/admin-tokens", &secrets] {
        let listed = platform.ask(path).await;
        let names = listed["items"].as_array().unwrap().iter().map(|row| text(&row["name"]));
        let made: Vec<String> = names.filter(|name| name.len() == 1).collect();
        assert_eq!(made, ["a", "b", "c", "d"], "{path}");
    }
}

#[tokio::test]
async fn a_token_that_ends_while_a_body_is_on_its_way_does_nothing_more() {
    let platform = TestPlatform::start().await;
    let token = text(&platform.create("/admin-tokens", &json!({"name": "leaked"})).await["token"]);
    let (body, send) = late_body();
    let request = Request::post("/admin/api/admin-tokens")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    let mut reply = Box::pin(platform.send(request.body(body).unwrap()));
    // The head has been judged when the body is waited for.
    assert!(timeout(Duration::from_millis(50), reply.as_mut()).await.is_err());
    assert_eq!(platform.administer("DELETE", "/admin-tokens/leaked", "").await.status, 204);
    send.send(r#"{"name":"backdoor"}"#.into()).unwrap();
    assert_eq!(super::error(&reply.await), (401, "unauthenticated".into()));
}
