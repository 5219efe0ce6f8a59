//! The session tokens that the hub makes: for whom they are, and what is told for which token.

use super::{ORIGIN, platform};
use crate::support::FORM;
use axum::body::Body;
use einlass_protocol::jose::{KeySet, verify_session};
use einlass_protocol::time::Clock as _;
use einlass_server::peer::Peer;
use http::Request;
use serde_json::json;

#[tokio::test]
async fn what_another_site_sends_in_somebodys_name_is_no_session_token() {
    let (platform, held) = platform().await;
    platform.install(&held, "items.read").await;
    for origin in ["https://evil.example", ORIGIN, "null"] {
        let request = Request::post(format!("{}/session-token", platform.app_path()))
            .header("content-type", FORM)
            .header("origin", origin)
            .header("cookie", &held)
            .extension(Peer("192.0.2.1:1234".parse().unwrap()));
        let reply = platform.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 403, "{origin}");
        assert!(reply.json().get("sessionToken").is_none());
    }
}

#[tokio::test]
async fn a_session_token_of_one_app_is_none_for_another() {
    let (platform, held) = platform().await;
    platform.install(&held, "items.read").await;
    let token = platform.session_token(&held).await;
    let other = platform.administer("POST", "/apps", r#"{"technical_name":"other"}"#).await.json();
    let basic = crate::support::basic(&format!(
        "{}:{}",
        other["client_id"].as_str().unwrap(),
        other["client_secret"].as_str().unwrap()
    ));
    let access = platform.post_token(&[("authorization", &basic)], "grant_type=client_credentials").await;
    let access = access.json()["access_token"].as_str().unwrap().to_owned();
    let reply = platform.account("/account/.well-known/jwks.json", &access).await;
    assert_eq!(reply.header("cache-control"), "private, max-age=300");
    assert_eq!(reply.header("vary"), "authorization");
    let others = KeySet::parse(&reply.body).unwrap();
    assert_eq!(others.len(), 1);
    assert!(verify_session(&token, &others, platform.clock.wall()).is_err());
    assert!(verify_session(&token, &platform.session_keys().await, platform.clock.wall()).is_ok());
    assert!(verify_session(&token, &platform.key_set().await, platform.clock.wall()).is_err());
}

#[tokio::test]
async fn the_account_tells_nothing_without_a_token_that_counts() {
    let (platform, held) = platform().await;
    let path = "/account/.well-known/jwks.json";
    let missing = platform.get(path).await;
    assert_eq!(missing.status, 401);
    assert_eq!(missing.text(), r#"{"message":"JWT not present.","statusCode":401}"#);
    assert_eq!(missing.header("www-authenticate"), "Bearer");
    platform.install(&held, "items.read").await;
    let session = platform.session_token(&held).await;
    let access = platform.token().await.json()["access_token"].as_str().unwrap().to_owned();
    let secret = platform.demo.client_secret.expose().to_owned();
    for token in [&*session, "", "x", &secret, platform.demo.admin_token.expose()] {
        let refused = platform.account(path, token).await;
        assert_eq!(refused.status, 401, "{}", refused.text());
    }
    assert_eq!(platform.account(path, &access).await.status, 200);
    assert_eq!(platform.account("/account/tenants", &access).await.status, 403, "no person is behind it");
    let revoked = json!({"kind": "app", "subject": platform.demo.app}).to_string();
    platform.administer("POST", "/revocations", &revoked).await;
    let refused = platform.account(path, &access).await;
    assert_eq!((refused.status.as_u16(), refused.text().contains("revoked")), (401, true));
}
