//! The strict verifier: what it lets in, and above all what it does not.

use crate::forge::{KEYS, NOW, claims, header, token, with};
use einlass_protocol::jose::{AccessVerifier, Jwk, KeySet, TokenRejected as Rejected};
use einlass_protocol::time::UnixTime;
use serde_json::{Value, json};

type Outcome = Result<String, Rejected>;

fn verify_with(token: &str, keys: &KeySet) -> Outcome {
    let verifier = AccessVerifier::new("https://issuer", "platform");
    verifier.verify(token, keys, UnixTime::from_seconds(NOW)).map(|claims| claims.client_id.to_string())
}

fn verify(token: &str) -> Outcome {
    verify_with(token, &KEYS.set())
}

fn of(header: &Value, claims: &Value) -> Outcome {
    verify(&token(&header.to_string(), &claims.to_string(), |message| KEYS.rs256(message)))
}

#[test]
fn a_good_token_is_accepted_with_either_algorithm() {
    assert_eq!(of(&header(), &claims()), Ok("client".into()));
    let eddsa = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "ed"});
    let token = token(&eddsa.to_string(), &claims().to_string(), |message| KEYS.eddsa(message));
    assert_eq!(verify(&token), Ok("client".into()));
}

#[test]
fn the_key_decides_the_algorithm_and_the_token_never_does() {
    let claims = claims().to_string();
    for (alg, sign) in [
        ("none", Box::new(|_: &[u8]| Vec::new()) as Box<dyn Fn(&[u8]) -> Vec<u8>>),
        ("None", Box::new(|_: &[u8]| Vec::new())),
        ("HS256", Box::new(|message: &[u8]| KEYS.hs256_with_public_key(message))),
        ("RS512", Box::new(|message: &[u8]| KEYS.rs256(message))),
        ("EdDSA", Box::new(|message: &[u8]| KEYS.eddsa(message))),
        ("rs256", Box::new(|message: &[u8]| KEYS.rs256(message))),
    ] {
        let forged = token(&with(header(), "alg", json!(alg)).to_string(), &claims, sign);
        assert!(matches!(verify(&forged), Err(Rejected::Algorithm { .. })), "{alg}");
    }
    // The right name and another key's signature.
    let forged = token(&header().to_string(), &claims, |message| KEYS.eddsa(message));
    assert_eq!(verify(&forged), Err(Rejected::Signature));
}

#[test]
fn a_token_that_names_no_key_is_tried_with_those_that_fit() {
    let nameless = with(header(), "kid", Value::Null);
    assert_eq!(of(&nameless, &claims()), Ok("client".into()));
    let forged = token(&nameless.to_string(), &claims().to_string(), |message| KEYS.eddsa(message));
    assert_eq!(verify(&forged), Err(Rejected::UnknownKey(None)));
    let none = with(nameless, "alg", json!("none"));
    assert!(matches!(of(&none, &claims()), Err(Rejected::Algorithm { .. })));
}

#[test]
fn an_unknown_key_is_told_apart_from_a_wrong_signature() {
    let unknown = with(header(), "kid", json!("next"));
    assert_eq!(of(&unknown, &claims()), Err(Rejected::UnknownKey(Some("next".into()))));
}

#[test]
fn keys_and_extensions_that_the_token_brings_along_are_refused() {
    for name in ["crit", "b64", "jku", "jwk", "x5c", "x5u"] {
        for value in [json!(["exp"]), json!(true), json!({}), json!("https://evil")] {
            let header = with(header(), name, value);
            assert_eq!(of(&header, &claims()), Err(Rejected::HeaderParameter(name)));
        }
        let null = header().to_string().replacen('{', &format!("{{\"{name}\":null,"), 1);
        let forged = token(&null, &claims().to_string(), |message| KEYS.rs256(message));
        assert_eq!(verify(&forged), Err(Rejected::HeaderParameter(name)));
    }
}

#[test]
fn any_other_type_is_refused() {
    for typ in [json!("JWT"), json!("jwt"), json!("id+jwt"), json!(""), Value::Null] {
        let rejected = of(&with(header(), "typ", typ.clone()), &claims());
        assert!(matches!(rejected, Err(Rejected::Type(_))), "{typ}");
    }
    for typ in ["AT+JWT", "application/at+jwt"] {
        assert_eq!(of(&with(header(), "typ", json!(typ)), &claims()), Ok("client".into()));
    }
}

#[test]
fn every_claim_is_needed() {
    for name in ["iss", "sub", "aud", "client_id", "app_id", "credential_id", "exp", "iat", "jti"] {
        let rejected = of(&header(), &with(claims(), name, Value::Null));
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name}: {rejected:?}");
    }
    let no_scope = of(&header(), &with(claims(), "scope", Value::Null));
    assert_eq!(no_scope, Ok("client".into()), "a token without scopes opens little, and is one");
}

#[test]
fn a_claim_of_the_wrong_form_is_refused() {
    for (name, value) in [
        ("exp", json!("1900000000")),
        ("exp", json!(1.9e9)),
        ("iat", json!(true)),
        ("nbf", json!("0")),
        ("iss", json!(["https://issuer"])),
        ("aud", json!({"platform": true})),
        ("jti", json!("1")),
        ("app_id", json!("my app")),
        ("client_id", json!("a b")),
        ("scope", json!(["items.read"])),
    ] {
        let rejected = of(&header(), &with(claims(), name, value.clone()));
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name} {value}: {rejected:?}");
    }
}

#[test]
fn a_claim_or_header_member_that_is_there_twice_is_refused() {
    let sign = |message: &[u8]| KEYS.rs256(message);
    for name in ["iss", "aud", "exp", "scope", "app_id"] {
        let twice = claims().to_string().replacen('{', &format!("{{\"{name}\":{},", claims()[name]), 1);
        assert!(matches!(verify(&token(&header().to_string(), &twice, sign)), Err(Rejected::Claims(_))));
    }
    let twice = header().to_string().replacen('{', "{\"alg\":\"none\",", 1);
    assert!(matches!(verify(&token(&twice, &claims().to_string(), sign)), Err(Rejected::Malformed(_))));
}

#[test]
fn times_are_judged_with_thirty_seconds_of_leeway_on_each_side() {
    let at = |name: &str, offset: i64| of(&header(), &with(claims(), name, json!(NOW + offset)));
    assert_eq!(at("exp", -29), Ok("client".into()));
    assert!(matches!(at("exp", -30), Err(Rejected::Expired(_))));
    for name in ["nbf", "iat"] {
        assert_eq!(at(name, 30), Ok("client".into()));
        assert!(matches!(at(name, 31), Err(Rejected::NotYetValid(_))));
    }
    let ancient = of(&header(), &with(claims(), "exp", json!(i64::MIN)));
    assert!(matches!(ancient, Err(Rejected::Expired(_))));
    assert_eq!(of(&header(), &with(claims(), "exp", json!(i64::MAX))), Ok("client".into()));
}

#[test]
fn the_times_of_a_remembered_token_are_judged_at_every_use() {
    let token = token(&header().to_string(), &claims().to_string(), |message| KEYS.rs256(message));
    let verifier = AccessVerifier::new("https://issuer", "platform");
    let now = UnixTime::from_seconds(NOW);
    let remembered = verifier.verify_to_remember(&token, &KEYS.set(), now).unwrap();
    let claims = verifier.verify(&token, &KEYS.set(), now).unwrap();
    for second in (-7_200..7_200).step_by(10) {
        let at = UnixTime::from_seconds(NOW + second);
        let fresh = verifier.verify(&token, &KEYS.set(), at);
        assert_eq!(remembered.at(at).map(|claims| (**claims).clone()), fresh, "{second}");
    }
    assert_eq!(**remembered.at(now).unwrap(), claims);
}

#[test]
fn another_issuer_or_audience_is_refused() {
    for issuer in ["https://issuer/", "https://ISSUER", "https://issuer.evil", ""] {
        assert_eq!(of(&header(), &with(claims(), "iss", json!(issuer))), Err(Rejected::Issuer));
    }
    for audience in [json!("Platform"), json!(["a", "b"]), json!([]), json!("")] {
        assert_eq!(of(&header(), &with(claims(), "aud", audience)), Err(Rejected::Audience));
    }
    assert_eq!(of(&header(), &with(claims(), "aud", json!(["a", "platform"]))), Ok("client".into()));
}

#[test]
fn what_is_no_compact_token_is_refused() {
    let good = token(&header().to_string(), &claims().to_string(), |message| KEYS.rs256(message));
    let (message, signature) = good.rsplit_once('.').unwrap();
    for broken in [
        String::new(),
        ".".into(),
        "..".into(),
        message.to_owned(),
        format!("{good}.{signature}"),
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{message}.{}", signature.replace(|c: char| c.is_ascii(), "+")),
        good.replacen('.', "..", 1),
    ] {
        assert!(matches!(verify(&broken), Err(Rejected::Malformed(_))), "{broken:?}");
    }
    assert!(matches!(verify(&format!("{message}.")), Err(Rejected::Signature)));
    assert_eq!(verify(&"a".repeat(8 * 1024 + 1)), Err(Rejected::TooLong));
}

#[test]
fn no_other_spelling_of_a_good_token_is_accepted() {
    let good = token(&header().to_string(), &claims().to_string(), |message| KEYS.rs256(message));
    // The last character of a 256-byte signature has four bits that say nothing.
    let (rest, last) = good.split_at(good.len() - 1);
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        if other.to_string() != last {
            assert!(verify(&format!("{rest}{other}")).is_err(), "{other}");
        }
    }
}

#[test]
fn of_two_keys_with_one_id_the_fitting_one_decides() {
    let confusing = Jwk { kid: Some("rsa".into()), ..KEYS.ed_jwk() };
    let keys = KeySet::from_jwks([confusing, KEYS.rsa_jwk()]);
    let good = token(&header().to_string(), &claims().to_string(), |message| KEYS.rs256(message));
    assert_eq!(verify_with(&good, &keys), Ok("client".into()));
    assert_eq!(verify_with(&good, &KeySet::from_jwks([])), Err(Rejected::UnknownKey(Some("rsa".into()))));
}
