//! The second issuer: the same clients and apps, with paths, keys and tokens of its own.

use crate::support::{FORM, ISSUER, Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::jose::{AccessVerifier, KeySet};
use einlass_protocol::time::Clock as _;
use http::Request;
use serde_json::Value;

const SECOND: &str = "https://auth.example/id";

async fn post(platform: &TestPlatform, path: &str, body: String) -> Reply {
    let request = Request::post(path).header("content-type", FORM).header("authorization", platform.basic());
    platform.send(request.body(Body::from(body)).unwrap()).await
}

/// A machine token of an issuer's.
async fn token(platform: &TestPlatform, path: &str, scope: &str) -> Reply {
    post(platform, path, format!("grant_type=client_credentials&scope={scope}")).await
}

async fn key_set(platform: &TestPlatform) -> KeySet {
    KeySet::parse(&platform.get("/id/oauth/v2/keys").await.body).unwrap()
}

#[tokio::test]
async fn what_it_says_of_itself_is_below_its_own_url() {
    let platform = TestPlatform::start().await;
    let document = platform.get("/id/.well-known/openid-configuration").await;
    let inserted = platform.get("/.well-known/oauth-authorization-server/id").await;
    assert_eq!(document.body, inserted.body, "RFC 8414 §3.1");
    let said = document.json();
    assert_eq!(said["issuer"], SECOND);
    for (name, path) in [
        ("authorization_endpoint", "/oauth/v2/authorize"),
        ("token_endpoint", "/oauth/v2/token"),
        ("revocation_endpoint", "/oauth/v2/revoke"),
        ("introspection_endpoint", "/oauth/v2/introspect"),
        ("end_session_endpoint", "/oidc/v1/end_session"),
        ("jwks_uri", "/oauth/v2/keys"),
    ] {
        assert_eq!(said[name], format!("{SECOND}{path}"), "{name}");
    }
}

#[tokio::test]
async fn a_request_that_names_no_scope_is_refused_there_alone() {
    let platform = TestPlatform::start().await;
    for scope in ["", "items.read", "offline_access"] {
        let reply = token(&platform, "/id/oauth/v2/token", scope).await;
        assert_eq!(reply.oauth_error(), (400, "invalid_scope".into()), "{scope:?}");
    }
    assert_eq!(token(&platform, "/oauth2/token", "").await.status, 200);
}

#[tokio::test]
async fn its_token_is_its_own_and_holds_what_the_app_may_have() {
    let platform = TestPlatform::start().await;
    let reply = token(&platform, "/id/oauth/v2/token", "openid").await;
    assert_eq!(reply.status, 200);
    let said = reply.json();
    let now = platform.clock.wall();
    let verifier = AccessVerifier::new(SECOND, "einlass-platform");
    let token_of = |said: &Value| said["access_token"].as_str().unwrap().to_owned();
    let claims = verifier.verify(&token_of(&said), &key_set(&platform).await, now).unwrap();
    assert_eq!(claims.scope.to_string(), said["scope"], "what came of `openid` is said");
    assert!(claims.scope.iter().any(|scope| scope.as_str() == "items.read"));
    assert!(said.get("id_token").is_none());
    let less = token(&platform, "/id/oauth/v2/token", "openid+items.read").await.json();
    assert_eq!(less["scope"], "items.read");
    let more = token(&platform, "/id/oauth/v2/token", "openid+returns.write").await;
    assert_eq!(more.oauth_error(), (400, "invalid_scope".into()));
    // The first one's keys do not check it, nor does its verifier take it.
    assert!(verifier.verify(&token_of(&said), &platform.key_set().await, now).is_err());
    let first = TestPlatform::verifier().verify(&token_of(&said), &key_set(&platform).await, now);
    assert!(first.is_err(), "{ISSUER} is another");
}

#[tokio::test]
async fn each_issuer_knows_its_own_tokens_alone() {
    let platform = TestPlatform::start().await;
    let of_first =
        token(&platform, "/oauth2/token", "").await.json()["access_token"].as_str().unwrap().to_owned();
    let of_second = token(&platform, "/id/oauth/v2/token", "openid").await;
    let of_second = of_second.json()["access_token"].as_str().unwrap().to_owned();
    let is_active = async |path: &str, token: &str| {
        post(&platform, path, format!("token={token}")).await.json()["active"].as_bool().unwrap()
    };
    let (first, second) = ("/oauth2/introspect", "/id/oauth/v2/introspect");
    assert!(is_active(first, &of_first).await && is_active(second, &of_second).await);
    assert!(!is_active(first, &of_second).await && !is_active(second, &of_first).await);
    // Giving it back at the other one changes nothing (RFC 7009 §2.2).
    assert_eq!(post(&platform, "/oauth2/revoke", format!("token={of_second}")).await.status, 200);
    assert!(is_active(second, &of_second).await);
    assert_eq!(post(&platform, "/id/oauth/v2/revoke", format!("token={of_second}")).await.status, 200);
    assert!(!is_active(second, &of_second).await);
    let account = Request::get("/account/.well-known/jwks.json");
    let asked = account.header("authorization", format!("Bearer {of_second}")).body(Body::empty()).unwrap();
    assert_eq!(platform.send(asked).await.status, 401, "the account is the first issuer's");
}
