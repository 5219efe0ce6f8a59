//! Asking for less (RFC 6749 §3.3).

use crate::support::{Reply, TestPlatform};

async fn ask(scope: &str) -> Reply {
    let platform = TestPlatform::start().await;
    let body = format!("grant_type=client_credentials&scope={scope}");
    platform.post_token(&[("authorization", &platform.basic())], body).await
}

#[tokio::test]
async fn a_client_that_asks_for_less_gets_that_and_is_told() {
    let reply = ask("Items.Read+returns.read").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["scope"], "items.read returns.read");
}

#[tokio::test]
async fn a_client_that_asks_for_nothing_gets_everything() {
    let reply = ask("").await;
    assert_eq!(reply.status, 200);
    assert!(reply.json().get("scope").is_none());
}

#[tokio::test]
async fn a_client_that_asks_for_more_gets_nothing() {
    let reply = ask("items.read+returns.write").await;
    assert_eq!(reply.oauth_error(), (400, "invalid_scope".into()));
    let body = reply.json();
    let description = body["error_description"].as_str().unwrap();
    assert!(description.contains("returns.write") && !description.contains("items.read"), "{description}");
}

#[tokio::test]
async fn a_malformed_scope_is_refused() {
    for scope in ["a%22b", "%C3%A4", "a%5Cb"] {
        assert_eq!(ask(scope).await.oauth_error(), (400, "invalid_scope".into()), "{scope}");
    }
}
