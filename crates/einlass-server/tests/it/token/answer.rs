//! What a token request is answered with.

use crate::support::{ISSUER, TestPlatform};
use einlass_server::PlatformSettings;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn the_documented_request_gets_exactly_the_documented_answer() {
    let platform = TestPlatform::start().await;
    let reply = platform.token().await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("pragma"), "no-cache");
    let body = reply.json();
    let members: BTreeSet<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["access_token", "token_type", "expires_in"]));
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
}

#[tokio::test]
async fn the_token_is_an_rfc_9068_token_that_an_independent_library_verifies() {
    let platform = TestPlatform::start().await;
    let body = platform.token().await.json();
    let token = body["access_token"].as_str().unwrap();
    let header = decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));

    let keys: JwkSet = serde_json::from_slice(&platform.get("/.well-known/jwks.json").await.body).unwrap();
    let jwk = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["einlass-platform"]);
    validation.set_issuer(&[ISSUER]);
    // The platform's clock stands in 2027.
    validation.validate_exp = false;
    let claims = decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &validation).unwrap().claims;

    let demo = &platform.demo;
    assert_eq!(claims["sub"], demo.client_id.to_string());
    assert_eq!(claims["client_id"], demo.client_id.to_string());
    assert_eq!(claims["app_id"], demo.app.to_string());
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_eq!(claims["nbf"], claims["iat"]);
    assert_eq!(claims["scope"], "customers.read items.read items.write returns.read");
    assert_eq!(claims["scp"], json!(["customers.read", "items.read", "items.write", "returns.read"]));
    assert!(claims.get("tenant").is_none() && claims.get("urn:jtl:tenant_id").is_none());
}

#[tokio::test]
async fn alg_comes_first_in_the_header() {
    let platform = TestPlatform::start().await;
    let body = platform.token().await.json();
    // base64url of `{"alg":"RS256",`
    assert!(body["access_token"].as_str().unwrap().starts_with("eyJhbGciOiJSUzI1NiIs"));
}

#[tokio::test]
async fn no_two_tokens_have_the_same_id() {
    let platform = TestPlatform::start().await;
    let keys = platform.key_set().await;
    let mut ids = BTreeSet::new();
    for _ in 0..20 {
        let body = platform.token().await.json();
        let token = body["access_token"].as_str().unwrap();
        let now = einlass_protocol::time::UnixTime::from_seconds(1_800_000_000);
        ids.insert(TestPlatform::verifier().verify(token, &keys, now).unwrap().token_id);
    }
    assert_eq!(ids.len(), 20);
}

#[tokio::test]
async fn the_lifetime_is_what_the_operator_configured() {
    let settings =
        PlatformSettings { access_token_lifetime: Duration::from_secs(90), ..PlatformSettings::new(ISSUER) };
    let platform = TestPlatform::start_with(settings).await;
    assert_eq!(platform.token().await.json()["expires_in"], 90);
}

#[tokio::test]
async fn a_client_registered_for_eddsa_gets_eddsa() {
    use einlass_protocol::{ids::*, jose::Algorithm, secret::*, time::Clock};
    let platform = TestPlatform::start().await;
    let clear = Secret::from_entropy(SecretKind::ClientSecret, &[9; 32]);
    let now = platform.clock.wall();
    let mut app = platform.store.app(platform.demo.app).await.unwrap().unwrap();
    app.id = AppId::new(uuid::Uuid::from_u128(77));
    app.technical_name = "quick".into();
    let client_id: ClientId = "quick-client".parse().unwrap();
    let new = einlass_store::NewApp {
        app,
        client_id: client_id.clone(),
        algorithm: Algorithm::EdDsa,
        secret: None,
    };
    platform.store.register_app(&new, now).await.unwrap();
    let secret = einlass_store::NewSecret {
        id: CredentialId::new(uuid::Uuid::from_u128(78)),
        client_id,
        name: "s".into(),
        hash: SecretHash::of(&clear),
        expires_at: None,
    };
    platform.store.add_client_secret(&secret, now).await.unwrap();

    let header = crate::support::basic(&format!("quick-client:{}", clear.expose()));
    let reply = platform.post_token(&[("authorization", &header)], "grant_type=client_credentials").await;
    let body = reply.json();
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(decode_header(token).unwrap().alg, jsonwebtoken::Algorithm::EdDSA);
    let claims = TestPlatform::verifier().verify(token, &platform.key_set().await, now).unwrap();
    assert_eq!(claims.credential_id, secret.id);
}
