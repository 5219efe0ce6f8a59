//! What the issuer publishes.

use crate::support::{ISSUER, TestPlatform};
use axum::body::Body;
use http::Request;

#[tokio::test]
async fn every_answer_has_a_name_of_our_own() {
    let platform = TestPlatform::start().await;
    let mut names = std::collections::BTreeSet::new();
    for path in ["/.well-known/jwks.json", "/oauth2/token", "/readyz", "/nowhere"] {
        let request = Request::get(path).header("x-request-id", "theirs").body(Body::empty()).unwrap();
        let name = platform.send(request).await.header("x-request-id").to_owned();
        assert!(name.parse::<uuid::Uuid>().is_ok(), "{path}: {name:?}");
        names.insert(name);
    }
    assert_eq!(names.len(), 4);
}

#[tokio::test]
async fn a_path_that_leads_nowhere_says_so() {
    let platform = TestPlatform::start().await;
    let reply = platform.get("/oauth/token").await;
    assert_eq!(reply.oauth_error(), (404, "not_found".into()));
}

#[tokio::test]
async fn both_well_known_documents_say_the_same_and_begin_with_the_issuer() {
    let platform = TestPlatform::start().await;
    let discovery = platform.get("/.well-known/openid-configuration").await;
    let metadata = platform.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(discovery.body, metadata.body);
    let document = discovery.json();
    assert_eq!(document["issuer"], ISSUER);
    assert_eq!(document["token_endpoint"], format!("{ISSUER}/oauth2/token"));
    assert_eq!(document["revocation_endpoint"], format!("{ISSUER}/oauth2/revoke"));
    assert_eq!(document["introspection_endpoint"], format!("{ISSUER}/oauth2/introspect"));
    assert_eq!(document["jwks_uri"], format!("{ISSUER}/.well-known/jwks.json"));
    assert_eq!(document["authorization_endpoint"], format!("{ISSUER}/oauth2/auth"));
    let grants = serde_json::json!(["client_credentials", "authorization_code", "refresh_token"]);
    assert_eq!(document["grant_types_supported"], grants);
}

#[tokio::test]
async fn the_key_set_holds_public_members_alone_rs256_first() {
    let platform = TestPlatform::start().await;
    let reply = platform.get("/.well-known/jwks.json").await;
    assert_eq!(reply.header("content-type"), "application/jwk-set+json");
    let document = reply.json();
    let keys = document["keys"].as_array().unwrap();
    let algorithms: Vec<&str> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert_eq!(algorithms, ["RS256", "EdDSA"]);
    for key in keys {
        assert_eq!(key["use"], "sig");
        assert!(!key["kid"].as_str().unwrap().is_empty());
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}

#[tokio::test]
async fn a_verifier_that_has_the_key_set_is_told_so() {
    let platform = TestPlatform::start().await;
    let first = platform.get("/.well-known/jwks.json").await;
    assert_eq!(first.header("cache-control"), "public, max-age=300");
    let again = Request::get("/.well-known/jwks.json")
        .header("if-none-match", first.header("etag"))
        .body(Body::empty())
        .unwrap();
    let again = platform.send(again).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), first.header("etag"));
}
