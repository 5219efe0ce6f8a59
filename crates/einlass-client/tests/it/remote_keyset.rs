//! Key sets over HTTP: what is accepted, and where the token goes.

use crate::support::{Scripted, Seen, respond, serve};
use axum::body::Body;
use axum::http::Response;
use einlass_client::TokenCache;
use einlass_client::fetch::FetchError;
use einlass_client::keyset::{Fetched, HttpKeySet, KeySetFetch, NoKeySetThere};
use std::sync::{Arc, Mutex};

const KEYS: &str =
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

async fn fetch(
    answer: impl Fn(Seen) -> Response<Body> + Clone + Send + Sync + 'static,
) -> Result<Fetched, FetchError> {
    at(&serve(answer).await).fetch(None).await
}

fn at(base: &str) -> HttpKeySet {
    HttpKeySet::new(&base.parse().unwrap(), "/keys").unwrap()
}

#[tokio::test]
async fn a_set_is_read_with_its_tag_and_age() {
    let fetched = fetch(|seen| {
        assert_eq!(seen.path, "/keys");
        let mut response = respond(200, KEYS);
        response.headers_mut().insert("etag", "\"1\"".parse().unwrap());
        response.headers_mut().insert("cache-control", "public, max-age=300".parse().unwrap());
        response
    });
    let fetched = fetched.await.unwrap();
    assert_eq!(fetched.keys.unwrap().len(), 1);
    assert_eq!(fetched.tag.as_deref(), Some("\"1\""));
    assert_eq!(fetched.max_age.unwrap().as_secs(), 300);
}

#[tokio::test]
async fn a_set_that_is_known_is_not_sent_again() {
    let base = serve(|seen| {
        assert_eq!(seen.headers["if-none-match"], "\"1\"");
        respond(304, "")
    });
    let fetched = at(&base.await).fetch(Some("\"1\"")).await.unwrap();
    assert!(fetched.keys.is_none());
    assert_eq!(fetched.tag.as_deref(), Some("\"1\""), "it is the same one still");
}

#[tokio::test]
async fn what_is_no_key_set_is_refused() {
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 65].join(","));
    let long = format!("{}{KEYS}", " ".repeat(256 * 1024));
    for body in ["", "<html>", "[]", &many, &long] {
        let body = body.to_owned();
        let error = fetch(move |_| respond(200, body.clone())).await.unwrap_err();
        assert!(matches!(error, FetchError::Unreadable(_)), "{error}");
    }
    let error = fetch(|_| respond(500, KEYS)).await.unwrap_err();
    assert!(matches!(error, FetchError::Status { .. }), "{error}");
}

#[tokio::test]
async fn the_token_goes_to_no_other_place() {
    let elsewhere = serve(|_| panic!("the redirect was followed")).await;
    let base = serve(move |seen| {
        assert_eq!(seen.headers["authorization"], "Bearer token-1");
        let mut response = respond(307, "");
        response.headers_mut().insert("location", elsewhere.parse().unwrap());
        response
    });
    let keys = at(&base.await).with_tokens(TokenCache::new(Scripted::working()));
    let error = keys.fetch(None).await.unwrap_err();
    assert!(matches!(error, FetchError::Redirected(status) if status == 307), "{error}");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let seen_tokens = Arc::new(Mutex::new(Vec::new()));
    let base = serve({
        let seen_tokens = Arc::clone(&seen_tokens);
        move |seen| {
            let token = seen.headers["authorization"].to_str().unwrap().to_owned();
            seen_tokens.lock().unwrap().push(token);
            respond(401, "")
        }
    });
    let keys = at(&base.await).with_tokens(TokenCache::new(Scripted::working()));
    let error = keys.fetch(None).await.unwrap_err();
    assert!(matches!(error, FetchError::Status { status, .. } if status == 401), "{error}");
    assert_eq!(*seen_tokens.lock().unwrap(), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn without_a_token_nothing_is_asked() {
    let base = serve(|_| panic!("asked without a token")).await;
    let down = TokenCache::new(Scripted::new(|_| Err(FetchError::TimedOut)));
    let error = at(&base).with_tokens(down).fetch(None).await.unwrap_err();
    assert!(matches!(error, FetchError::NoToken(_)), "{error}");
}

#[test]
fn a_path_that_leads_elsewhere_is_refused() {
    let base = "https://example.com/einlass".parse().unwrap();
    for path in ["keys", "/../keys", "@evil.example/"] {
        assert!(matches!(HttpKeySet::new(&base, path), Err(NoKeySetThere::Path)), "{path}");
    }
}
