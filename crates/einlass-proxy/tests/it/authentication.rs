//! Who gets in, and what those who do not are told.

use crate::kit::{Answer, CLIENT, Empty as _, Gate, Issuer, call, claims};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::time::Duration;

fn assert_unauthorized(answer: &Answer, message: &str, challenge: &str) {
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json(), json!({ "statusCode": 401, "message": message }));
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
    assert!(answer.header("x-request-id").is_some());
}

#[tokio::test]
async fn a_call_with_a_good_token_is_forwarded() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer = call(gate.good("GET", "/erp/v2/items?page=2").empty()).await;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"served"[..]));
    assert_eq!(upstream.only().parts.uri, "/v2/items?page=2");
}

#[tokio::test]
async fn no_token_is_told_so_without_an_error_code() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer = call(gate.request("GET", "/erp/v2/items").empty()).await;
    assert_unauthorized(&answer, "JWT not present.", r#"Bearer realm="einlass""#);
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn two_tokens_or_another_scheme_are_refused() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = gate.issuer.machine("items.read");
    let message = "Send exactly one header `Authorization: Bearer <access token>`.";
    for values in [
        vec![format!("Bearer {token}"), format!("Bearer {token}")],
        vec![format!("Basic {token}")],
        vec![format!("Wawi {token}")],
        vec![String::new()],
    ] {
        let mut request = gate.request("GET", "/erp/v2/items");
        for value in values {
            request = request.header("authorization", value);
        }
        assert_unauthorized(&call(request.empty()).await, message, r#"Bearer realm="einlass""#);
    }
    assert_eq!(upstream.calls(), 0);
}

/// A subject that would become a header field of its own.
const UNSPEAKABLE: &str = "a\r\nx-einlass-user: b";

/// Tokens that are wrong in one way each.
fn forgeries(issuer: &Issuer) -> Vec<(&'static str, String)> {
    let sign = |header: &Header, changes: Value| issuer.sign(header, &claims(&changes));
    let good = issuer.header();
    let header = |change: fn(&mut Header)| {
        let mut header = issuer.header();
        change(&mut header);
        header
    };
    let hs256 = Header { typ: Some("at+jwt".into()), kid: issuer.jwk().kid, ..Header::new(Algorithm::HS256) };
    let public = EncodingKey::from_secret(issuer.public_key());
    let token = issuer.machine("items.read");
    let (rest, _) = token.rsplit_once('.').unwrap();
    let (_, payload) = rest.split_once('.').unwrap();
    // {"alg":"none","typ":"at+jwt"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    vec![
        ("unsigned", format!("{rest}.")),
        ("alg none", format!("{none}.{payload}.")),
        ("the public key as a secret", encode(&hs256, &claims(&json!({})), &public).unwrap()),
        ("another key of the same name", {
            let other = Issuer::new();
            other.sign(&good, &claims(&json!({})))
        }),
        ("unknown kid", sign(&header(|header| header.kid = Some("other".into())), json!({}))),
        ("expired", sign(&good, json!({ "exp": 1_699_999_000 }))),
        ("not yet valid", sign(&good, json!({ "nbf": 1_700_003_000 }))),
        ("another issuer", sign(&good, json!({ "iss": "https://auth.example/id" }))),
        ("another audience", sign(&good, json!({ "aud": CLIENT }))),
        ("typ JWT", sign(&header(|header| header.typ = Some("JWT".into())), json!({}))),
        ("no typ", sign(&header(|header| header.typ = None), json!({}))),
        ("no app", sign(&good, json!({ "app_id": null }))),
        ("a subject that is no header value", sign(&good, json!({ "sub": UNSPEAKABLE }))),
        ("too long", format!("{token}{}", "A".repeat(10_000))),
        ("no token at all", "4711".into()),
    ]
}

#[tokio::test]
async fn forged_tokens_are_refused_and_told_nothing_more() {
    let (gate, upstream) = Gate::and_upstream().await;
    gate.directory.admit(UNSPEAKABLE);
    for (what, token) in forgeries(&gate.issuer) {
        let answer = call(gate.with_token("GET", "/erp/v2/items", &token).empty()).await;
        assert_eq!(answer.status, 401, "{what}");
        assert_unauthorized(
            &answer,
            "JWT not valid. Get a new access token and try once more.",
            r#"Bearer realm="einlass", error="invalid_token""#,
        );
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn without_keys_nothing_is_said_about_the_token() {
    let (gate, upstream) = Gate::and_upstream().await;
    let keys = std::mem::take(&mut *gate.published.lock().unwrap());
    let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["statusCode"], 503);
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(answer.header("www-authenticate"), None);
    assert_eq!(upstream.calls(), 0);
    *gate.published.lock().unwrap() = keys;
    gate.clock.advance(Duration::from_secs(31));
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
}

#[tokio::test]
async fn a_key_that_is_new_is_fetched() {
    let (gate, upstream) = Gate::and_upstream().await;
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    let next = Issuer::new();
    gate.published.lock().unwrap().push(next.jwk());
    gate.clock.advance(Duration::from_secs(31));
    let token = next.machine("items.read");
    assert_eq!(call(gate.with_token("GET", "/erp/v2/items", &token).empty()).await.status, 200);
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn authentication_is_judged_before_operation_and_tenant() {
    let (gate, _) = Gate::and_upstream().await;
    for path in ["/erp/v2/nothing", "/erp/v2/items"] {
        assert_eq!(call(gate.request("PUT", path).empty()).await.status, 401, "{path}");
    }
}
