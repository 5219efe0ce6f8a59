//! Apps, their clients and the clients' secrets.

use super::text;
use crate::support::{TestPlatform, basic};
use einlass_protocol::ids::OrganisationId;
use serde_json::{Value, json};
use std::time::Duration;

impl TestPlatform {
    /// The status of a token request with these credentials.
    async fn token_status(&self, client: &Value, secret: &Value) -> u16 {
        let header = basic(&format!("{}:{}", text(client), text(secret)));
        let reply = self.post_token(&[("authorization", &header)], "grant_type=client_credentials").await;
        reply.status.as_u16()
    }
}

#[tokio::test]
async fn a_new_app_gets_tokens_with_the_secret_that_is_shown_once() {
    let platform = TestPlatform::start().await;
    let new = json!({"technical_name": "price-bot", "name": "Price Bot", "scopes": "Items.Read items.write"});
    let made = platform.create("/apps", &new).await;
    let app = &made["app"];
    assert_eq!(app["scopes"], "items.read items.write");
    assert_eq!(app["organisation"], json!(OrganisationId::OPERATOR));
    assert_eq!(platform.token_status(&made["client_id"], &made["client_secret"]).await, 200);
    let mut shown = app.clone();
    shown["shut_out_at"] = json!(null);
    assert_eq!(platform.ask("/apps/price-bot").await, shown);
    assert_eq!(platform.ask(&format!("/apps/{}", text(&app["id"]))).await, shown);

    let secret = text(&made["client_secret"]);
    let client = text(&made["client_id"]);
    for path in ["/apps", "/apps/price-bot/clients", &format!("/clients/{client}/secrets"), "/audit"] {
        let listed = platform.ask(path).await.to_string();
        assert!(!listed.contains(&secret), "{path}");
    }
}

#[tokio::test]
async fn what_an_app_asks_for_changes_for_the_next_token() {
    let platform = TestPlatform::start().await;
    let scope = async || {
        let token = text(&platform.token().await.json()["access_token"]);
        let (keys, now) = (platform.key_set().await, einlass_protocol::time::Clock::wall(&*platform.clock));
        TestPlatform::verifier().verify(&token, &keys, now).unwrap().scope.to_string()
    };
    assert_ne!(scope().await, "items.read");
    let reply = platform.administer("PATCH", "/apps/stock-mirror", r#"{"scopes":"items.read"}"#).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["scopes"]), (200, &json!("items.read")));
    assert_eq!(scope().await, "items.read");
}

#[tokio::test]
async fn scopes_must_fit_into_a_token() {
    let platform = TestPlatform::start().await;
    let scopes = "items.read ".repeat(200);
    let change = json!({"scopes": scopes[..2_000]}).to_string();
    assert_eq!(platform.administer("PATCH", "/apps/stock-mirror", &change).await.status, 200);
    let change = json!({"scopes": scopes[..2_001]}).to_string();
    let reply = platform.administer("PATCH", "/apps/stock-mirror", &change).await;
    assert_eq!(super::error(&reply), (400, "bad_request".into()));
    assert!(reply.text().contains("scopes: 2001 bytes"), "{}", reply.text());
    let new = json!({"technical_name": "x", "scopes": scopes}).to_string();
    assert_eq!(platform.refused("POST", "/apps", &new).await, (400, "bad_request".into()));
}

#[tokio::test]
async fn one_technical_name_is_one_app() {
    let platform = TestPlatform::start().await;
    let reply = platform.administer("POST", "/apps", r#"{"technical_name":"stock-mirror"}"#).await;
    assert_eq!(super::error(&reply), (409, "conflict".into()));
    assert!(reply.text().contains("the technical name is taken"));
    assert_eq!(platform.ask("/apps").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_app_has_as_many_clients_as_it_needs() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/apps/stock-mirror/clients", &json!({"algorithm": "EdDSA"})).await;
    let client = &made["client"];
    assert_eq!((&client["app"], &client["algorithm"]), (&json!(platform.demo.app), &json!("EdDSA")));
    assert_eq!(platform.token_status(&client["id"], &made["client_secret"]).await, 200);
    assert_eq!(platform.ask(&format!("/clients/{}", text(&client["id"]))).await, *client);
    let reply = platform.administer("POST", "/apps/stock-mirror/clients", "").await;
    assert_eq!((reply.status.as_u16(), &reply.json()["client"]["algorithm"]), (201, &json!("RS256")));
    assert_eq!(platform.ask("/apps/stock-mirror/clients").await["items"].as_array().unwrap().len(), 4);
    for path in
        ["/clients/nobody", "/clients/nobody/secrets", "/clients/ein_cs_canary", "/apps/nobody/clients"]
    {
        let reply = platform.administer("GET", path, "").await;
        assert_eq!(super::error(&reply), (404, "not_found".into()));
        assert!(!reply.text().contains("canary"));
    }
}

#[tokio::test]
async fn a_second_secret_works_beside_the_first_until_it_expires() {
    let platform = TestPlatform::start().await;
    let client = json!(platform.demo.client_id);
    let path = format!("/clients/{}/secrets", text(&client));
    let made = platform.create(&path, &json!({"name": "spring", "expires_in": 60})).await;
    let secret = &made["secret"];
    assert_eq!((&secret["client"], &secret["name"]), (&client, &json!("spring")));
    assert_eq!(platform.token_status(&client, &made["client_secret"]).await, 200);
    assert_eq!(platform.token().await.status, 200);
    let listed = platform.ask(&path).await;
    assert!(listed["items"].as_array().unwrap().contains(secret));
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(platform.token_status(&client, &made["client_secret"]).await, 401);
    assert_eq!(platform.token().await.status, 200);
}
