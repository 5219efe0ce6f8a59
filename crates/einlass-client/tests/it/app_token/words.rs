//! What is said about a token that is not believed, and that nothing of it is in there.

use super::{Issuer, START, TENANT};
use crate::rsa::{signed, signed_as};
use crate::secrecy::Log;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Tokens that are not believed, with the beginning of what is said and the word for programs.
fn tokens(issuer: &Issuer) -> Vec<(String, &'static str, &'static str)> {
    let headed = |typ: &str, alg: &str, kid: &str| {
        signed_as(&json!({"alg": alg, "typ": typ, "kid": kid}), &issuer.claims(300))
    };
    let claims: Value = issuer.claims(300);
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        signed(&claims)
    };
    vec![
        (String::new(), "there is no app token: send `Authorization: Bearer`", "app_token_missing"),
        ("hello".into(), "this is no app token (malformed: one part); send", "not_an_app_token"),
        (
            headed("at+jwt", "RS256", "rsa"),
            "this is an access token; send the app token",
            "access_token_sent",
        ),
        (headed("JWT", "EdDSA", "rsa"), "this is no app token (algorithm \"EdDSA\"", "not_an_app_token"),
        (headed("JWT", "RS256", "other"), "no key: none that the issuer has", "app_token_unknown_key"),
        (
            signed(&issuer.claims(-180)),
            "expired 3 minutes ago: the frontend must ask getAppToken anew",
            "app_token_expired",
        ),
        (with("nbf", json!(START + 240)), "counts only in 4 minutes: do", "app_token_not_yet_valid"),
        (
            with("iss", json!("https://issuer.example/id")),
            "another issuer has issued it: JTL_ISSUER",
            "app_token_of_another_issuer",
        ),
        (with("urn:jtl:app_id", json!(TENANT)), "it is for another app", "app_token_of_another_app"),
        (with("aud", json!([TENANT])), "it is for another app", "app_token_of_another_app"),
        (with("urn:jtl:tenant_id", json!("x")), "this is no app token (claims:", "not_an_app_token"),
    ]
}

#[tokio::test]
async fn each_error_says_what_is_wrong_and_what_to_do() {
    let issuer = Issuer::start().await;
    let app_tokens = issuer.verifier();
    for (token, said, word) in tokens(&issuer) {
        let error = app_tokens.verify(&token).await.unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
        assert_eq!((error.word(), error.status().as_u16()), (word, 401), "{error}");
    }
}

#[tokio::test]
async fn no_error_and_no_log_has_anything_of_the_token() {
    let log = Log::everything();
    let issuer = Issuer::start().await;
    let app_tokens = issuer.verifier();
    let mut sent: Vec<String> = tokens(&issuer).into_iter().map(|(token, ..)| token).collect();
    let mut shown = format!("{app_tokens:?}");
    for token in &sent {
        let error = app_tokens.verify(token).await.unwrap_err();
        write!(shown, "{error} {error:?} {:?}", error.answer::<String>()).unwrap();
    }
    sent.push(issuer.token());
    write!(shown, "{:?}", app_tokens.verify(&issuer.token()).await.unwrap()).unwrap();
    let log = log.text();
    for part in sent.iter().flat_map(|token| token.split('.')).filter(|part| part.len() > 20) {
        for text in [&shown, &log] {
            assert!(!text.contains(&part[..12]) && !text.contains(&part[part.len() - 12..]), "{part}");
        }
    }
}
