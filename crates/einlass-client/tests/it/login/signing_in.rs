//! The way through the browser: what is asked for, and what counts as its answer.

use super::platform::{Platform, asked, browse};
use super::{CLIENT, PERSON, START};
use crate::support::{respond, serve};
use einlass_client::clock::Timer;
use einlass_client::fetch::{BoxFuture, FetchError};
use einlass_client::login::{Login, LoginError};
use einlass_client::protocol::jose::TokenRejected;
use einlass_client::protocol::time::UnixTime;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_person_signs_in() {
    let platform = Platform::start().await;
    let signed_in = platform.signed_in().await.unwrap();
    assert_eq!((&*signed_in.subject, signed_in.client_id.as_str()), (PERSON, CLIENT));
    assert_eq!(signed_in.issuer, platform.base);
    assert_eq!(signed_in.expires_at, UnixTime::from_seconds(START + 3600));
    assert!(signed_in.is_renewable());
}

#[tokio::test]
async fn the_request_is_bound_to_its_answer_and_no_two_are_alike() {
    let platform = Platform::start().await;
    let begin = async || platform.login("items.read offline_access openid").begin().await.unwrap();
    let (one, other) = (begin().await, begin().await);
    assert!(one.url().starts_with(&format!("{}/auth?", platform.base)), "{}", one.url());
    let (form, others) = (asked(one.url()), asked(other.url()));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("scope", "items.read offline_access openid"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(form.get(name), Some(value));
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(form.get(name).unwrap().len(), 43, "{name}");
        assert_ne!(form.get(name), others.get(name), "{name}");
    }
    let redirect_uri = form.get("redirect_uri").unwrap();
    assert!(redirect_uri.starts_with("http://127.0.0.1:") && redirect_uri.ends_with("/callback"));
}

#[tokio::test]
async fn what_else_comes_to_the_port_does_not_end_the_wait() {
    let platform = Platform::start().await;
    let (begun, back) = platform.allowed().await;
    let port = back.split('/').nth(2).unwrap().to_owned();
    // A browser opens connections that it may never use.
    let _silent = TcpStream::connect(&port).await.unwrap();
    let finish = tokio::spawn(begun.finish(MINUTE));
    assert_eq!(browse(&format!("http://{port}/favicon.ico")).await.0, 404);
    for stray in
        ["", "?code=c", "?code=c&state=another", "?state=&code=c", "?error=access_denied&state=another"]
    {
        assert_eq!(browse(&format!("http://{port}/callback{stray}")).await.0, 400, "{stray}");
    }
    let posted = reqwest::Client::new().post(&back).send().await.unwrap();
    assert_eq!(posted.status(), 405);
    assert!(!finish.is_finished());
    let (status, page) = browse(&back).await;
    assert!(status == 200 && page.contains("can be closed") && !page.contains("code"), "{page}");
    assert_eq!(finish.await.unwrap().unwrap().subject, PERSON);
    assert!(TcpStream::connect(&port).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_page_is_kept_nowhere_and_takes_its_address_nowhere() {
    let platform = Platform::start().await;
    let (begun, back) = platform.allowed().await;
    let (_, response) = tokio::join!(begun.finish(MINUTE), reqwest::get(&back));
    let headers = response.unwrap().headers().clone();
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
}

/// Answers at the redirect URI: how the sign-in ends, and what the browser shows.
async fn ended_by(platform: &Platform, answer: impl Fn(&str, &str) -> String) -> LoginError {
    let begun = platform.login("openid").begin().await.unwrap();
    let form = asked(begun.url());
    let redirect_uri = form.get("redirect_uri").unwrap();
    let back = format!("{redirect_uri}?{}", answer(form.get("state").unwrap(), &platform.base));
    let (outcome, (status, page)) = tokio::join!(begun.finish(MINUTE), browse(&back));
    assert!(status == 200 && page.contains("Nobody was signed in"), "{page}");
    outcome.unwrap_err()
}

#[tokio::test]
async fn who_says_no_ends_it() {
    let platform = Platform::start().await;
    let error = ended_by(&platform, |state, issuer| {
        format!("error=access_denied&error_description=not+today&state={state}&iss={issuer}")
    });
    assert_eq!(error.await.to_string(), "nobody was signed in: access_denied (not today)");
    let error = ended_by(&platform, |state, issuer| format!("state={state}&iss={issuer}")).await;
    assert!(matches!(error, LoginError::NoCode), "{error}");
    assert!(platform.book().asked.is_empty());
}

#[tokio::test]
async fn a_code_of_another_issuer_is_not_redeemed() {
    let platform = Platform::start().await;
    let answers: [fn(&str, &str) -> String; 2] = [
        |state, _| format!("code=c&state={state}&iss=https://evil.example"),
        // It says of itself that its answers name it.
        |state, _| format!("code=c&state={state}"),
    ];
    for answer in answers {
        let error = ended_by(&platform, answer).await;
        assert!(matches!(error, LoginError::OtherIssuer), "{error}");
    }
    assert!(platform.book().asked.is_empty());
}

struct NoPatience;

impl Timer for NoPatience {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_was_said() {
    let platform = Platform::start().await;
    let begun = platform.login_with("openid", Arc::new(NoPatience)).begin().await.unwrap();
    let error = begun.finish(MINUTE).await.unwrap_err();
    assert!(matches!(error, LoginError::TimedOut(MINUTE)), "{error}");
}

#[tokio::test]
async fn a_scope_without_openid_asks_nothing() {
    let nobody = "http://127.0.0.1:1".parse().unwrap();
    let login = Login::new(nobody, CLIENT.parse().unwrap(), "offline_access".parse().unwrap());
    assert!(matches!(login.begin().await, Err(LoginError::NoOpenId)));
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_sign_in_is_not_believed() {
    let platform = Platform::start().await;
    for (claims, expected) in [
        (json!({"nonce": "another"}), TokenRejected::Nonce),
        (json!({"aud": "another"}), TokenRejected::Audience),
        (json!({"iss": "https://evil.example"}), TokenRejected::Issuer),
        (json!({"urn:jtl:app_id": "x"}), TokenRejected::OtherKind("urn:jtl:…")),
    ] {
        platform.book().claims = claims;
        match platform.signed_in().await {
            Err(LoginError::IdToken(rejected)) => assert_eq!(rejected, expected),
            other => panic!("{other:?}"),
        }
    }
    platform.book().nameless = true;
    assert!(matches!(platform.signed_in().await, Err(LoginError::NoIdToken)));
}

#[tokio::test]
async fn an_issuer_that_speaks_for_another_or_names_bad_places_is_not_signed_in_at() {
    let platform = Platform::start().await;
    let begin = async |document| {
        platform.book().document = document;
        platform.login("openid").begin().await.unwrap_err()
    };
    let error = begin(json!({"issuer": "https://evil.example"})).await;
    assert!(matches!(&error, LoginError::Discovery { cause: FetchError::OtherIssuer { .. }, .. }), "{error}");
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"] {
        let error = begin(json!({name: "http://192.0.2.1/x"})).await.to_string();
        assert!(error.contains(name) && error.contains("https"), "{error}");
    }
    let error = begin(json!({"token_endpoint": null})).await.to_string();
    assert!(error.contains("names no token_endpoint"), "{error}");
}

#[tokio::test]
async fn a_redirected_document_is_none() {
    let elsewhere = serve(|_| panic!("the redirect was followed")).await;
    let base = serve(move |_| {
        let mut response = respond(302, "");
        response.headers_mut().insert("location", elsewhere.parse().unwrap());
        response
    });
    let issuer = base.await.parse().unwrap();
    let error = Login::new(issuer, CLIENT.parse().unwrap(), "openid".parse().unwrap()).begin().await;
    assert!(error.unwrap_err().to_string().contains("redirect"));
}
