//! A good token, and where the keys come from that check it.

use super::{APP, Issuer, START, TENANT, USER};
use crate::rsa::{jwk, signed_as};
use crate::support::{respond, serve};
use einlass_client::app_token::{AppToken, AppTokenError, AppTokenVerifier};
use einlass_client::environment::AppEnvironment;
use einlass_client::protocol::time::UnixTime;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde_json::json;
use std::time::Duration;

const DOCUMENT: &str = "/id/.well-known/openid-configuration";
const KEYS: &str = "/id/some/keys";
const COOL_DOWN: Duration = Duration::from_secs(30);

#[tokio::test]
async fn an_app_token_says_who_is_there_for_which_tenant() {
    let issuer = Issuer::start().await;
    let app_tokens = issuer.verifier();
    let said = AppToken {
        user: USER.into(),
        tenant: TENANT.parse().unwrap(),
        expires_at: UnixTime::from_seconds(START + 300),
    };
    assert_eq!(app_tokens.verify(&issuer.token()).await.unwrap(), said);
    let value = HeaderValue::try_from(format!("Bearer {}", issuer.token())).unwrap();
    let headers: HeaderMap = [(AUTHORIZATION, value)].into_iter().collect();
    assert_eq!(app_tokens.verify_headers(&headers).await.unwrap(), said);
    assert_eq!(issuer.asked(), [DOCUMENT, KEYS]);
    let elsewhere = app_tokens.verify(&issuer.token_with("sub", json!("auth0|anna"))).await.unwrap();
    assert_eq!(elsewhere.user, "auth0|anna");
}

#[tokio::test]
async fn a_token_of_a_new_key_makes_one_fetch_and_forged_ones_no_more() {
    let issuer = Issuer::start().await;
    let app_tokens = issuer.verifier();
    app_tokens.verify(&issuer.token()).await.unwrap();
    let named =
        |kid: &str| signed_as(&json!({"alg": "RS256", "typ": "JWT", "kid": kid}), &issuer.claims(300));
    issuer.names_its_key("newer");
    issuer.clock.pass(COOL_DOWN);
    app_tokens.verify(&named("newer")).await.unwrap();
    for _ in 0..100 {
        let error = app_tokens.verify(&named("forged")).await.unwrap_err();
        assert!(matches!(error, AppTokenError::NoKey), "{error}");
    }
    assert_eq!(issuer.asked(), [DOCUMENT, KEYS, DOCUMENT, KEYS]);
}

#[tokio::test]
async fn while_the_issuer_is_down_the_keys_at_hand_serve() {
    let issuer = Issuer::start().await;
    let app_tokens = issuer.verifier();
    let token = crate::rsa::signed(&issuer.claims(30 * 3600));
    app_tokens.verify(&token).await.unwrap();
    issuer.goes_down();
    issuer.clock.pass(Duration::from_hours(23));
    app_tokens.verify(&token).await.unwrap();
    issuer.clock.pass(Duration::from_hours(2));
    assert!(!app_tokens.verify(&token).await.unwrap_err().is_rejected());
}

/// What is said about a good token where the keys are not believed.
async fn without_keys(issuer: &Issuer) -> String {
    let error = issuer.verifier().verify(&issuer.token()).await.unwrap_err();
    assert_eq!((error.is_rejected(), error.status().as_u16()), (false, 503));
    error.to_string()
}

#[tokio::test]
async fn a_document_of_another_issuer_is_not_believed() {
    let issuer = Issuer::start().await;
    for other in [issuer.url.trim_end_matches("/id"), &format!("{}/", issuer.url), "https://evil.example"] {
        issuer.says_it_is(other);
        assert!(without_keys(&issuer).await.contains("name the issuer as it names itself"));
    }
    assert!(!issuer.asked().iter().any(|path| path == KEYS));
}

#[tokio::test]
async fn keys_come_over_tls_or_from_this_machine_and_by_no_redirect() {
    let issuer = Issuer::start().await;
    issuer.says_its_keys_are_at("http://192.0.2.1/keys".into());
    let said = without_keys(&issuer).await;
    assert!(said.contains("jwks_uri") && said.contains("https"), "{said}");
    let elsewhere = serve(|_| respond(200, json!({ "keys": [jwk("rsa")] }).to_string())).await;
    let redirecting = serve(move |_| {
        let mut response = respond(302, "");
        response.headers_mut().insert("location", elsewhere.parse().unwrap());
        response
    });
    issuer.says_its_keys_are_at(redirecting.await);
    assert!(without_keys(&issuer).await.contains("none is followed"));
}

#[tokio::test]
async fn an_issuer_that_moves_its_keys_is_followed() {
    let issuer = Issuer::start().await;
    let app_tokens = issuer.verifier();
    app_tokens.verify(&issuer.token()).await.unwrap();
    let elsewhere = serve(|seen| {
        assert!(!seen.headers.contains_key("if-none-match"), "that was the tag of another place");
        respond(200, json!({ "keys": [jwk("moved")] }).to_string())
    });
    issuer.says_its_keys_are_at(format!("{}/keys", elsewhere.await));
    issuer.clock.pass(COOL_DOWN);
    let moved = signed_as(&json!({"alg": "RS256", "typ": "JWT", "kid": "moved"}), &issuer.claims(300));
    app_tokens.verify(&moved).await.unwrap();
}

#[tokio::test]
async fn the_environment_says_whose_tokens_count() {
    let read = |issuer: &'static str, app: &'static str| {
        AppEnvironment::read(|name| match name {
            "JTL_ISSUER" => Some(issuer.into()),
            "JTL_APP_ID" => Some(app.into()),
            _ => None,
        })
    };
    for (issuer, app, word) in [
        ("", APP, "JTL_ISSUER is not set"),
        ("http://example.com/id", APP, "JTL_ISSUER: not https"),
        ("https://example.com/id", "", "JTL_APP_ID is not set"),
        ("https://example.com/id", "stock-mirror", "JTL_APP_ID: not a UUID"),
    ] {
        let error = read(issuer, app).unwrap_err().to_string();
        assert!(error.starts_with(word), "{error}");
    }
    let app_tokens = AppTokenVerifier::of(read("http://127.0.0.1:1/id", APP).unwrap());
    let error = app_tokens.verify(&Issuer::start().await.token()).await.unwrap_err();
    assert_eq!(error.status(), 503);
}
