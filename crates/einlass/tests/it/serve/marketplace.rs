//! A marketplace behind the gateway of `serve`.

use super::site::{Engine, Site};
use super::upstream;
use crate::kit::{get, send};
use serde_json::{Value, json};
use std::fs;

const DOCUMENT: &str = "openapi: 3.0.0
components:
  securitySchemes:
    oauth2-application:
      type: oauth2
      flows: {clientCredentials: {tokenUrl: /v1/auth, scopes: {}}}
paths:
  /channel/order:
    get: {operationId: orders, security: [{oauth2-application: [CHANNEL]}]}
  /price:
    get: {operationId: prices, security: [{oauth2-application: [CHANNEL]}]}
  /tax:
    get: {operationId: taxes, security: [{oauth2-application: [SELLER]}]}
  /seller/offer:
    get: {operationId: offers, security: [{oauth2-application: [SELLER]}]}
";

#[test]
fn a_channels_calls_reach_the_marketplace_with_its_name() {
    let market = upstream::start();
    let site = Site::new(
        Engine::Sqlite,
        &format!("[scx]\n[scx.upstream]\nurl = \"http://{market}/v1\"\nopenapi = [\"market.yaml\"]\n"),
    );
    fs::write(site.path("market.yaml"), DOCUMENT).unwrap();
    let node = site.start();
    let admin = node.claim();
    admin.must(&node.url, "POST", "/channels", json!({"name": "MYMARKET"}));
    let made = admin.must(&node.url, "POST", "/channels/MYMARKET/tokens", json!({"name": "first"}));
    let refresh_token = made["refresh_token"].as_str().unwrap();

    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let body = format!("refreshToken={}", refresh_token.replace(':', "%3A"));
    let (status, answer) = send("POST", &format!("{}/v1/auth", node.url), &form, &body);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let authorization = format!("Bearer {}", answer["authToken"].as_str().unwrap());
    let call = |path: &str, authorization: &str| {
        let headers = [("Authorization", authorization), ("X-Einlass-Seller", "forged")];
        get(&format!("{}{path}", node.url), &headers)
    };
    let (status, seen) = call("/v1/channel/order?since=1", &authorization);
    assert_eq!(status, 200, "{seen}");
    let seen: Vec<String> = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen[0], "GET /v1/channel/order?since=1 HTTP/1.1");
    let named: Vec<_> = seen
        .iter()
        .filter(|line| line.starts_with("x-einlass-") || line.starts_with("authorization"))
        .collect();
    assert_eq!(named, ["x-einlass-channel: MYMARKET", "x-einlass-scopes: CHANNEL"]);

    assert_eq!(call("/v1/seller/offer", &authorization).0, 403, "that is for sellers");
    assert_eq!(call("/v1/channel/nothing", &authorization).0, 404);
    assert_eq!(
        call("/v1/price", &authorization).0,
        200,
        "what is nobody's part is open to whom its document says"
    );
    assert_eq!(call("/v1/tax", &authorization).0, 403);
    assert_eq!(call("/v1/channel/order", "Bearer e30.e30.e30").0, 401);
    let revoked = json!({"kind": "refresh-token", "subject": made["token"]["id"]});
    let (status, answer) = admin.ask(&node.url, "POST", "/revocations", revoked);
    assert!((200..300).contains(&status), "{status} {answer}");
    assert_eq!(call("/v1/channel/order", &authorization).0, 401, "revoked with its refresh token");
}
