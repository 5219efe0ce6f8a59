//! App tokens: what is let in, at an app and at the platform, and that no other kind of token is.

use crate::forge::{KEYS, NOW, claims as access_claims, header as access_header, token, with};
use einlass_protocol::claims::{AppClaims, IdClaims};
use einlass_protocol::ids::AppId;
use einlass_protocol::jose::{AccessVerifier, AppVerifier, TokenRejected as Rejected, verify_session};
use einlass_protocol::time::UnixTime;
use serde_json::{Value, json};

const APP: &str = "00000000-0000-4000-8000-0000000000a1";
const OTHER: &str = "00000000-0000-4000-8000-0000000000a2";
const PERSON: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
const TENANT: &str = "00000000-0000-4000-8000-000000000001";
const TOKEN: &str = "00000000-0000-4000-8000-000000000003";
const ISSUER: &str = "https://issuer/id";

fn header() -> Value {
    json!({"alg": "RS256", "typ": "JWT", "kid": "rsa"})
}

fn said() -> AppClaims {
    AppClaims {
        issuer: ISSUER.into(),
        subject: PERSON.into(),
        app: APP.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        token_id: Some(TOKEN.parse().unwrap()),
        issued_at: UnixTime::from_seconds(NOW),
        expires_at: UnixTime::from_seconds(NOW + 300),
    }
}

fn claims() -> Value {
    serde_json::from_str(&said().to_json()).unwrap()
}

fn signed(header: &Value, claims: &Value) -> String {
    token(&header.to_string(), &claims.to_string(), |message| KEYS.rs256(message))
}

fn app() -> AppId {
    APP.parse().unwrap()
}

/// At the app, and at the platform.
fn verify(token: &str) -> [Result<AppClaims, Rejected>; 2] {
    let now = UnixTime::from_seconds(NOW);
    [AppVerifier::of_app(ISSUER, app()), AppVerifier::of_every_app(ISSUER)]
        .map(|verifier| verifier.verify(token, &KEYS.set(), now))
}

fn of(header: &Value, claims: &Value) -> [Result<AppClaims, Rejected>; 2] {
    verify(&signed(header, claims))
}

#[test]
fn a_payload_has_the_claims_of_the_format() {
    assert_eq!(
        claims(),
        json!({
            "iss": ISSUER, "sub": PERSON, "aud": [APP], "urn:jtl:tenant_id": TENANT, "urn:jtl:app_id": APP,
            "iat": NOW, "exp": NOW + 300, "jti": TOKEN
        })
    );
}

#[test]
fn what_is_ours_is_accepted_at_the_app_and_at_the_platform() {
    assert_eq!(of(&header(), &claims()), [Ok(said()), Ok(said())]);
    let among_others = with(claims(), "aud", json!(["x", APP]));
    assert_eq!(of(&header(), &among_others), [Ok(said()), Ok(said())]);
}

#[test]
fn a_token_without_the_apps_claim_passes_at_the_app_alone() {
    let without = with(claims(), "urn:jtl:app_id", Value::Null);
    assert_eq!(of(&header(), &without), [Ok(said()), Err(Rejected::App)]);
}

#[test]
fn a_token_for_another_app_counts_at_neither() {
    // Each of the two says which app it is, and they have to agree.
    let [at_app, at_platform] = of(&header(), &with(claims(), "urn:jtl:app_id", json!(OTHER)));
    assert_eq!((at_app, at_platform), (Err(Rejected::App), Err(Rejected::Audience)));
    assert_eq!(
        of(&header(), &with(claims(), "aud", json!([OTHER]))),
        [Err(Rejected::Audience), Err(Rejected::Audience)]
    );
}

#[test]
fn malformed_and_missing_claims_are_refused() {
    for (name, value) in [
        ("urn:jtl:app_id", json!("x")),
        ("urn:jtl:app_id", json!(7)),
        ("urn:jtl:tenant_id", json!("x")),
        ("urn:jtl:tenant_id", Value::Null),
        ("sub", Value::Null),
        ("aud", Value::Null),
        ("exp", Value::Null),
        ("iss", Value::Null),
    ] {
        for outcome in of(&header(), &with(claims(), name, value.clone())) {
            assert!(matches!(outcome, Err(Rejected::Claims(_))), "{name} {value}");
        }
    }
}

#[test]
fn the_issuer_the_key_and_the_times_count() {
    let both = |outcome: Rejected| [Err(outcome.clone()), Err(outcome)];
    assert_eq!(of(&header(), &with(claims(), "iss", json!("https://issuer"))), both(Rejected::Issuer));
    let unknown = Rejected::UnknownKey(Some("other".into()));
    assert_eq!(of(&with(header(), "kid", json!("other")), &claims()), both(unknown));
    let nameless = of(&with(header(), "kid", Value::Null), &claims());
    assert_eq!(nameless, both(Rejected::Malformed("no `kid` in the header")));
    let expired = of(&header(), &with(claims(), "exp", json!(NOW - 31)));
    assert!(expired.iter().all(|outcome| matches!(outcome, Err(Rejected::Expired(_)))));
    let ahead = of(&header(), &with(claims(), "iat", json!(NOW + 31)));
    assert!(ahead.iter().all(|outcome| matches!(outcome, Err(Rejected::NotYetValid(_)))));
    let payload = claims().to_string();
    let ed = token(&json!({"alg": "EdDSA", "typ": "JWT", "kid": "ed"}).to_string(), &payload, |message| {
        KEYS.eddsa(message)
    });
    assert!(verify(&ed).iter().all(|outcome| matches!(outcome, Err(Rejected::Algorithm { .. }))));
}

#[test]
fn no_other_kind_of_token_passes_for_one_and_it_passes_for_none() {
    let now = UnixTime::from_seconds(NOW);
    let access = of(&access_header(), &access_claims());
    assert!(access.iter().all(|outcome| matches!(outcome, Err(Rejected::Type(_)))));
    let id = IdClaims {
        issuer: ISSUER.into(),
        subject: PERSON.parse().unwrap(),
        client_id: "client".parse().unwrap(),
        nonce: None,
        proved_at: now,
        issued_at: now,
        expires_at: UnixTime::from_seconds(NOW + 300),
    };
    let id: Value = serde_json::from_str(&id.to_json()).unwrap();
    assert!(of(&header(), &id).iter().all(|outcome| matches!(outcome, Err(Rejected::Claims(_)))));
    // Even one that somebody talked into naming a tenant.
    let odd = with(id, "urn:jtl:tenant_id", json!(TENANT));
    assert_eq!(of(&header(), &odd), [Err(Rejected::Audience), Err(Rejected::App)]);
    let ours = signed(&header(), &claims());
    let as_access = AccessVerifier::new(ISSUER, APP).verify(&ours, &KEYS.set(), now);
    assert!(matches!(as_access, Err(Rejected::Type(_))));
    assert!(verify_session(&ours, &KEYS.set(), now).is_err());
}
