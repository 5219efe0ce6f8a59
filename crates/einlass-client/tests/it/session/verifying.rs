//! A good token, and the access token that its keys are fetched with.

use super::{Platform, START, SessionTokenError, Signer, TENANT, USER};
use crate::support::Scripted;
use einlass_client::fetch::FetchError;
use einlass_client::protocol::time::UnixTime;
use einlass_client::session::{Session, SessionVerifier};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

#[tokio::test]
async fn a_session_token_says_who_is_there() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let sessions = platform.verifier();
    let session = Session {
        user: USER.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        customer_number: "004711".into(),
        tenant_slug: Some("bikes".into()),
        expires_at: UnixTime::from_seconds(START + 300),
    };
    assert_eq!(sessions.verify(&key.token()).await.unwrap(), session);
    let value = HeaderValue::try_from(format!("Bearer {}", key.token())).unwrap();
    let headers: HeaderMap = [(AUTHORIZATION, value)].into_iter().collect();
    assert_eq!(sessions.verify_headers(&headers).await.unwrap(), session);
    assert_eq!(platform.asked(), ["Bearer token-1"]);
}

#[tokio::test]
async fn a_refused_access_token_is_replaced_once() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    platform.accepts("Bearer token-2");
    assert!(platform.verifier().verify(&key.token()).await.is_ok());
    assert_eq!(platform.asked(), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn an_access_token_that_is_refused_for_good_is_no_fault_of_the_session_token() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    platform.accepts("nothing");
    let error = platform.verifier().verify(&key.token()).await.unwrap_err();
    assert_eq!(status_of(&error), (false, 503));
    assert_eq!(platform.asked(), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn without_an_access_token_nothing_is_said_about_session_tokens() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let sessions = platform.verifier_with(Scripted::new(|_| Err(FetchError::TimedOut)));
    let error = sessions.verify(&key.token()).await.unwrap_err();
    assert_eq!(status_of(&error), (false, 503));
    assert!(error.to_string().contains("no token to ask with"), "{error}");
    assert!(platform.asked().is_empty());
}

/// Keys travel over TLS, or not at all.
#[tokio::test]
async fn the_environment_says_where_the_keys_are() {
    let environment = |base: &'static str| {
        einlass_client::environment::Environment::read(|name| match name {
            "JTL_AUTH_BASE" | "JTL_API_BASE" => Some(base.into()),
            "CLIENT_ID" => Some("app".into()),
            "CLIENT_SECRET" => Some("hush".into()),
            _ => None,
        })
    };
    assert!(environment("http://example.com").is_err());
    let sessions = SessionVerifier::of(environment("http://127.0.0.1:1").unwrap()).unwrap();
    assert_eq!(status_of(&sessions.verify(&Signer::new().token()).await.unwrap_err()), (false, 503));
}

fn status_of(error: &SessionTokenError) -> (bool, u16) {
    (error.is_rejected(), error.status().as_u16())
}
