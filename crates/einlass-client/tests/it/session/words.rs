//! What is said about a token that is not believed, and that nothing of it is in there.

use super::signer::claims;
use super::{Platform, START, Signer};
use crate::secrecy::Log;
use jsonwebtoken::{Algorithm, Header};
use serde_json::json;
use std::fmt::Write as _;

/// Tokens that are not believed, with the beginning of what is said and the word for programs.
fn tokens(key: &Signer) -> Vec<(String, &'static str, &'static str)> {
    let plain = || Header::new(Algorithm::EdDSA);
    let access = Header { typ: Some("at+jwt".into()), ..plain() };
    let scx = Header { typ: Some("scx+jwt".into()), ..plain() };
    let named = Header { kid: Some("1".into()), ..plain() };
    let mut app_token = claims(300);
    app_token["aud"] = json!("app");
    let mut later = claims(300);
    later["nbf"] = json!(START + 240);
    vec![
        (String::new(), "there is no session token: send `Authorization: Bearer`", "session_token_missing"),
        ("hello".into(), "this is no session token (malformed: one part); send", "not_a_session_token"),
        (
            key.sign(&access, &claims(300)),
            "this is an access token; send the session token of appBridge.method.call('getSessionToken')",
            "access_token_sent",
        ),
        (
            key.sign(&scx, &claims(300)),
            "this is no session token (the type is another: \"scx+jwt\")",
            "not_a_session_token",
        ),
        (
            key.sign(&named, &claims(300)),
            "this is no session token (header parameter \"kid\" is not accepted)",
            "not_a_session_token",
        ),
        (
            key.sign(&plain(), &app_token),
            "this is no session token (the claim \"aud\" is none of this kind of token)",
            "not_a_session_token",
        ),
        (
            key.token_until(-180),
            "expired 3 minutes ago: the frontend must ask getSessionToken anew",
            "session_token_expired",
        ),
        (
            key.sign(&plain(), &later),
            "counts only in 4 minutes: do this machine's",
            "session_token_not_yet_valid",
        ),
        (
            Signer::new().token(),
            "no key: none that the platform has for this app",
            "session_token_unknown_key",
        ),
    ]
}

#[tokio::test]
async fn each_error_says_what_is_wrong_and_what_to_do() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let sessions = platform.verifier();
    for (token, said, word) in tokens(&key) {
        let error = sessions.verify(&token).await.unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
        assert_eq!((error.word(), error.status().as_u16()), (word, 401), "{error}");
    }
    let nowhere = Platform::with(&[&key]).await;
    nowhere.goes_down();
    let error = nowhere.verifier().verify(&key.token()).await.unwrap_err();
    let said = "keys cannot be fetched: the identity provider answered with status 503 Service Unavailable;";
    assert!(error.to_string().starts_with(said), "{error}");
    assert_eq!((error.word(), error.status().as_u16()), ("session_keys_unavailable", 503));
}

#[tokio::test]
async fn no_error_and_no_log_has_anything_of_the_token() {
    let log = Log::everything();
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let sessions = platform.verifier();
    let mut sent: Vec<String> = tokens(&key).into_iter().map(|(token, ..)| token).collect();
    let mut shown = format!("{sessions:?}");
    for token in &sent {
        let error = sessions.verify(token).await.unwrap_err();
        write!(shown, "{error} {error:?} {:?}", error.answer::<String>()).unwrap();
    }
    sent.push(key.token());
    write!(shown, "{:?}", sessions.verify(&key.token()).await.unwrap()).unwrap();
    let log = log.text();
    assert!(log.contains("token refreshed"), "nothing was logged");
    for part in sent.iter().flat_map(|token| token.split('.')).filter(|part| part.len() > 20) {
        for text in [&shown, &log] {
            assert!(!text.contains(&part[..12]) && !text.contains(&part[part.len() - 12..]), "{part}");
        }
    }
}
