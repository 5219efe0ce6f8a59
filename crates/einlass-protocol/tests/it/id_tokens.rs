//! ID tokens: what a client lets in, and that no other kind of token is one.

use crate::forge::{KEYS, NOW, claims as access_claims, header as access_header, token, with};
use einlass_protocol::claims::{AppClaims, IdClaims, SessionClaims};
use einlass_protocol::jose::{
    IdHint, IdVerifier, Identity, TokenRejected as Rejected, session_signing_input,
};
use einlass_protocol::time::UnixTime;
use serde_json::{Value, json};

const ISSUER: &str = "https://issuer";
const CLIENT: &str = "client";
const NONCE: &str = "n-0S6_WzA2Mj";
const PERSON: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
const TENANT: &str = "00000000-0000-4000-8000-000000000001";

fn header() -> Value {
    json!({"alg": "RS256", "typ": "JWT", "kid": "rsa"})
}

fn claims() -> Value {
    let claims = IdClaims {
        issuer: ISSUER.into(),
        subject: PERSON.parse().unwrap(),
        client_id: CLIENT.parse().unwrap(),
        nonce: Some(NONCE.into()),
        proved_at: UnixTime::from_seconds(NOW - 60),
        issued_at: UnixTime::from_seconds(NOW),
        expires_at: UnixTime::from_seconds(NOW + 300),
    };
    serde_json::from_str(&claims.to_json()).unwrap()
}

fn said() -> Identity {
    Identity {
        subject: PERSON.into(),
        issued_at: UnixTime::from_seconds(NOW),
        expires_at: UnixTime::from_seconds(NOW + 300),
    }
}

fn verify(token: &str) -> Result<Identity, Rejected> {
    let verifier = IdVerifier::new(ISSUER, CLIENT.parse().unwrap());
    verifier.verify(token, NONCE, &KEYS.set(), UnixTime::from_seconds(NOW))
}

fn signed(header: &Value, claims: &Value) -> String {
    token(&header.to_string(), &claims.to_string(), |message| KEYS.rs256(message))
}

fn of(header: &Value, claims: &Value) -> Result<Identity, Rejected> {
    verify(&signed(header, claims))
}

fn claiming(name: &str, value: Value) -> Result<Identity, Rejected> {
    of(&header(), &with(claims(), name, value))
}

#[test]
fn what_the_platform_issues_is_accepted() {
    assert_eq!(of(&header(), &claims()), Ok(said()));
    assert_eq!(of(&with(header(), "typ", Value::Null), &claims()), Ok(said()), "a type may be left out");
    let elsewhere = claiming("sub", json!("auth0|anna"));
    assert_eq!(elsewhere, Ok(Identity { subject: "auth0|anna".into(), ..said() }));
}

#[test]
fn it_is_for_this_client_and_issued_to_it() {
    assert_eq!(claiming("aud", json!([CLIENT])), Ok(said()));
    for audience in [json!("other"), json!(["other"]), json!([]), json!("")] {
        assert_eq!(claiming("aud", audience.clone()), Err(Rejected::Audience), "{audience}");
    }
    let several = with(claims(), "aud", json!(["other", CLIENT]));
    assert_eq!(of(&header(), &several), Err(Rejected::Audience));
    assert_eq!(of(&header(), &with(several.clone(), "azp", json!(CLIENT))), Ok(said()));
    for claims in [several, claims()] {
        assert_eq!(of(&header(), &with(claims, "azp", json!("other"))), Err(Rejected::Audience));
    }
}

#[test]
fn it_answers_the_request_that_was_made() {
    for nonce in [Value::Null, json!("another"), json!("")] {
        assert_eq!(claiming("nonce", nonce.clone()), Err(Rejected::Nonce), "{nonce}");
    }
}

#[test]
fn the_issuer_the_key_and_the_times_count() {
    for issuer in ["https://issuer/id", "https://issuer/", "issuer"] {
        assert_eq!(claiming("iss", json!(issuer)), Err(Rejected::Issuer));
    }
    let unknown = of(&with(header(), "kid", json!("other")), &claims());
    assert_eq!(unknown, Err(Rejected::UnknownKey(Some("other".into()))));
    let nameless = of(&with(header(), "kid", Value::Null), &claims());
    assert_eq!(nameless, Err(Rejected::Malformed("no `kid` in the header")));
    assert!(claiming("exp", json!(NOW - 29)).is_ok());
    assert!(matches!(claiming("exp", json!(NOW - 30)), Err(Rejected::Expired(_))));
    for name in ["iat", "nbf"] {
        assert!(claiming(name, json!(NOW + 30)).is_ok());
        assert!(matches!(claiming(name, json!(NOW + 31)), Err(Rejected::NotYetValid(_))));
    }
    let good = signed(&header(), &claims());
    let (message, _) = good.rsplit_once('.').unwrap();
    assert_eq!(verify(&format!("{message}.AAAA")), Err(Rejected::Signature));
}

fn hinted(token: &str) -> Result<IdHint, Rejected> {
    IdHint::verify(token, ISSUER, &KEYS.set())
}

#[test]
fn as_a_hint_it_counts_however_old_it_is() {
    let names = Ok(IdHint { subject: PERSON.into(), client: CLIENT.parse().unwrap() });
    assert_eq!(hinted(&signed(&header(), &claims())), names);
    for (name, value) in [("exp", json!(1)), ("iat", json!(1)), ("nonce", Value::Null)] {
        assert_eq!(hinted(&signed(&header(), &with(claims(), name, value))), names, "{name}");
    }
}

#[test]
fn no_hint_is_what_the_issuer_did_not_give_away_or_is_of_another_kind() {
    let claiming = |name: &str, value: Value| hinted(&signed(&header(), &with(claims(), name, value)));
    assert_eq!(claiming("iss", json!("https://issuer/id")), Err(Rejected::Issuer));
    for audience in [json!([CLIENT]), json!([]), json!("")] {
        assert_eq!(claiming("aud", audience.clone()), Err(Rejected::Audience), "{audience}");
    }
    assert!(matches!(claiming("sub", Value::Null), Err(Rejected::Claims(_))));
    assert_eq!(claiming("urn:jtl:app_id", json!(TENANT)), Err(Rejected::OtherKind("urn:jtl:…")));
    let access = signed(&access_header(), &claims());
    assert_eq!(hinted(&access), Err(Rejected::Type(Some("at+jwt".into()))));
    let unknown = signed(&with(header(), "kid", json!("other")), &claims());
    assert_eq!(hinted(&unknown), Err(Rejected::UnknownKey(Some("other".into()))));
    let unsigned =
        token(&with(header(), "alg", json!("none")).to_string(), &claims().to_string(), |_| Vec::new());
    assert!(matches!(hinted(&unsigned), Err(Rejected::Algorithm { .. })));
    let good = signed(&header(), &claims());
    let (message, _) = good.rsplit_once('.').unwrap();
    assert_eq!(hinted(&format!("{message}.AAAA")), Err(Rejected::Signature));
    assert!(matches!(hinted("garbage"), Err(Rejected::Malformed(_))));
}

#[test]
fn no_other_algorithm_signs_one() {
    let payload = claims().to_string();
    for (alg, kid, sign) in [
        ("none", "rsa", Box::new(|_: &[u8]| Vec::new()) as Box<dyn Fn(&[u8]) -> Vec<u8>>),
        ("HS256", "rsa", Box::new(|message: &[u8]| KEYS.hs256_with_public_key(message))),
        ("EdDSA", "ed", Box::new(|message: &[u8]| KEYS.eddsa(message))),
    ] {
        let header = json!({"alg": alg, "typ": "JWT", "kid": kid});
        let forged = token(&header.to_string(), &payload, sign);
        assert!(matches!(verify(&forged), Err(Rejected::Algorithm { .. })), "{alg}");
    }
    let eddsa = token(&with(header(), "kid", json!("ed")).to_string(), &payload, |it| KEYS.eddsa(it));
    assert!(matches!(verify(&eddsa), Err(Rejected::Algorithm { .. })));
}

#[test]
fn malformed_missing_and_repeated_claims_are_refused() {
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        assert!(matches!(claiming(name, Value::Null), Err(Rejected::Claims(_))), "{name}");
    }
    for (name, value) in [
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
        ("sub", json!(7)),
        ("aud", json!(7)),
        ("exp", json!("1900000000")),
        ("nonce", json!(7)),
        ("azp", json!([CLIENT])),
    ] {
        let rejected = claiming(name, value.clone());
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name} {value}: {rejected:?}");
    }
    for name in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        let claims = claims();
        let twice = claims.to_string().replacen('{', &format!("{{\"{name}\":{},", claims[name]), 1);
        let rejected = verify(&token(&header().to_string(), &twice, |message| KEYS.rs256(message)));
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name}: {rejected:?}");
    }
}

#[test]
fn no_other_kind_of_token_passes_for_one() {
    assert_eq!(of(&access_header(), &access_claims()), Err(Rejected::Type(Some("at+jwt".into()))));
    assert_eq!(of(&access_header(), &claims()), Err(Rejected::Type(Some("at+jwt".into()))));
    let app = AppClaims {
        issuer: ISSUER.into(),
        subject: PERSON.into(),
        app: TENANT.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        token_id: None,
        issued_at: UnixTime::from_seconds(NOW),
        expires_at: UnixTime::from_seconds(NOW + 300),
    };
    let mut app: Value = serde_json::from_str(&app.to_json()).unwrap();
    assert_eq!(of(&header(), &app), Err(Rejected::OtherKind("urn:jtl:…")));
    // Even one that says besides everything that an ID token does.
    app.as_object_mut().unwrap().extend(claims().as_object().unwrap().clone());
    assert_eq!(of(&header(), &app), Err(Rejected::OtherKind("urn:jtl:…")));
    assert_eq!(claiming("urn:jtl:anything", json!(0)), Err(Rejected::OtherKind("urn:jtl:…")));
    let session = SessionClaims {
        user: PERSON.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        customer_number: "004711".into(),
        tenant_slug: None,
        expires_at: UnixTime::from_seconds(NOW + 300),
    };
    let input = session_signing_input(&session);
    let session = format!("{input}.{}", einlass_protocol::jose::base64url(&KEYS.eddsa(input.as_bytes())));
    assert!(matches!(verify(&session), Err(Rejected::Algorithm { .. })));
}
