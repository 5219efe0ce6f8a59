//! Channels, their refresh tokens, and the sellers' PINs.

use super::text;
use crate::support::TestPlatform;
use serde_json::json;

#[tokio::test]
async fn a_channel_is_made_shown_listed_and_has_one_name() {
    let platform = TestPlatform::start().await;
    let new = json!({"name": "BIKES", "scope_word": "CHAN", "sign_up_url": "https://bikes.example/join?a=1"});
    let made = platform.create("/channels", &new).await;
    assert_eq!((made["scope_word"].as_str(), made["update_url"].is_null()), (Some("CHAN"), true));
    let mut shown = made.clone();
    shown["shut_out_at"] = json!(null);
    assert_eq!(platform.ask("/channels/BIKES").await, shown);
    assert_eq!(platform.ask("/channels?limit=1").await["items"][0], made);
    assert_eq!(platform.refused("POST", "/channels", &new.to_string()).await, (409, "conflict".into()));
    for wrong in [
        json!({"name": "FOUR"}),
        json!({"name": "WITH-DASH"}),
        json!({"name": "BOOKS", "scope_word": "ADM"}),
        json!({"name": "BOOKS", "sign_up_url": "http://bikes.example"}),
        json!({"name": "BOOKS", "sign_up_url": "https://bikes.example/#a"}),
    ] {
        let outcome = platform.refused("POST", "/channels", &wrong.to_string()).await;
        assert_eq!(outcome, (400, "bad_request".into()), "{wrong}");
    }
    assert_eq!(platform.refused("GET", "/channels/BOOKS", "").await, (404, "not_found".into()));
}

#[tokio::test]
async fn refresh_tokens_are_made_listed_and_revoked_by_id() {
    let platform = TestPlatform::start().await;
    platform.create("/channels", &json!({"name": "BIKES"})).await;
    let tenant = platform.demo.tenant;
    for (path, prefix, before) in [
        ("/channels/BIKES/tokens".to_owned(), "CHAN:", 0),
        (format!("/tenants/{tenant}/seller-tokens"), "SELLER:", 1),
    ] {
        let made = platform.create(&path, &json!({"name": "first", "expires_in": 60})).await;
        assert!(text(&made["refresh_token"]).starts_with(prefix) && !made["token"]["expires_at"].is_null());
        let id = text(&made["token"]["id"]);
        let body = json!({"kind": "refresh-token", "subject": id}).to_string();
        assert_eq!(platform.administer("POST", "/revocations", &body).await.status, 204);
        let listed = platform.ask(&path).await["items"].as_array().unwrap().clone();
        assert_eq!(listed.len(), before + 1);
        let found = listed.iter().find(|token| token["id"] == id.as_str()).unwrap();
        assert!(!found["revoked_at"].is_null());
    }
    let body = json!({"kind": "channel", "subject": "BIKES"}).to_string();
    assert_eq!(platform.administer("POST", "/revocations", &body).await.status, 204);
    for subject in ["6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10", "CHAN:ein_ct_canary"] {
        let body = json!({"kind": "refresh-token", "subject": subject}).to_string();
        let reply = platform.administer("POST", "/revocations", &body).await;
        assert!(reply.status.is_client_error() && !reply.text().contains("canary"));
    }
}

#[tokio::test]
async fn a_pin_has_six_digits_and_is_for_a_tenant() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/tenants/annas-bikes/seller-pin", &json!({})).await;
    let pin = text(&made["pin"]);
    assert!(pin.len() == 6 && pin.bytes().all(|digit| digit.is_ascii_digit()), "{pin}");
    assert_eq!(platform.refused("POST", "/tenants/nobody/seller-pin", "").await, (404, "not_found".into()));
    let said = platform.ask("/audit").await.to_string();
    assert!(said.contains("create seller pin") && !said.contains(&pin));
}
