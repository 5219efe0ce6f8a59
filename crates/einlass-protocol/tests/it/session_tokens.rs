//! Session tokens: what is let in, and that no other kind of token is, nor they where other kinds are.

use crate::forge::{KEYS, NOW, claims as access_claims, header as access_header, token, with};
use aws_lc_rs::signature::Ed25519KeyPair;
use einlass_protocol::claims::SessionClaims;
use einlass_protocol::jose::{
    AccessVerifier, Algorithm, Jwk, KeySet, ScxVerifier, TokenRejected as Rejected, base64url,
    session_signing_input, verify_session,
};
use einlass_protocol::time::UnixTime;
use jsonwebtoken::{Algorithm as Oracles, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};

const USER: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
const TENANT: &str = "00000000-0000-4000-8000-000000000001";

fn claims() -> Value {
    json!({"exp": NOW + 300, "userId": USER, "tenantId": TENANT, "kid": "004711"})
}

fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "JWT"})
}

fn said() -> SessionClaims {
    SessionClaims {
        user: USER.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        customer_number: "004711".into(),
        tenant_slug: None,
        expires_at: UnixTime::from_seconds(NOW + 300),
    }
}

fn verify_with(token: &str, keys: &KeySet) -> Result<SessionClaims, Rejected> {
    verify_session(token, keys, UnixTime::from_seconds(NOW))
}

fn verify(token: &str) -> Result<SessionClaims, Rejected> {
    verify_with(token, &KEYS.set())
}

fn signed(header: &str, payload: &str) -> String {
    token(header, payload, |message| KEYS.eddsa(message))
}

fn of(header: &Value, claims: &Value) -> Result<SessionClaims, Rejected> {
    verify(&signed(&header.to_string(), &claims.to_string()))
}

/// What an independent library makes of these claims.
fn by_oracle(claims: &Value) -> String {
    let document = KEYS.ed.to_pkcs8v1().unwrap();
    let header = Header::new(Oracles::EdDSA);
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(document.as_ref())).unwrap()
}

#[test]
fn a_token_of_an_independent_library_is_accepted() {
    assert_eq!(verify(&by_oracle(&claims())), Ok(said()));
    let more = with(with(claims(), "tenantSlug", json!("bikes")), "theme", json!({"dark": true}));
    let slug = Some("bikes".to_owned());
    assert_eq!(verify(&by_oracle(&more)), Ok(SessionClaims { tenant_slug: slug, ..said() }));
}

#[test]
fn what_we_sign_is_the_format_to_the_letter_and_an_independent_library_accepts_it() {
    let input = session_signing_input(&said());
    let header = base64url(br#"{"alg":"EdDSA","typ":"JWT"}"#);
    assert_eq!(input.split_once('.').unwrap().0, header);
    let token = format!("{input}.{}", base64url(&KEYS.eddsa(input.as_bytes())));
    assert_eq!(verify(&token), Ok(said()));
    let mut validation = Validation::new(Oracles::EdDSA);
    validation.validate_exp = false;
    let key = DecodingKey::from_ed_components(&KEYS.ed_jwk().x.unwrap()).unwrap();
    let seen = jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap();
    assert_eq!(seen.claims, claims());
    assert_eq!(seen.header.kid, None);
}

#[test]
fn each_key_is_tried_and_the_customer_number_chooses_none() {
    let other = Ed25519KeyPair::generate().unwrap();
    let newer = Jwk::ed25519(aws_lc_rs::signature::KeyPair::public_key(&other).as_ref());
    // The customer number is another key's id.
    let claims = with(claims(), "kid", json!(newer.kid.clone().unwrap()));
    let token = signed(&header().to_string(), &claims.to_string());
    let both = KeySet::from_jwks([newer.clone(), KEYS.rsa_jwk(), KEYS.ed_jwk()]);
    assert!(verify_with(&token, &both).is_ok());
    for keys in [vec![newer], vec![KEYS.rsa_jwk()], vec![]] {
        assert_eq!(verify_with(&token, &KeySet::from_jwks(keys)), Err(Rejected::UnknownKey(None)));
    }
}

#[test]
fn a_header_of_another_kind_is_refused() {
    let bare = with(header(), "typ", Value::Null);
    assert_eq!(of(&bare, &claims()), Ok(said()), "a type may be left out");
    for typ in ["at+jwt", "scx+jwt", "jwt", ""] {
        let rejected = of(&with(header(), "typ", json!(typ)), &claims());
        assert_eq!(rejected, Err(Rejected::Type(Some(typ.into()))));
    }
    for kid in ["ed", "004711"] {
        let rejected = of(&with(header(), "kid", json!(kid)), &claims());
        assert_eq!(rejected, Err(Rejected::HeaderParameter("kid")));
    }
    for name in ["crit", "b64", "jku", "jwk", "x5c", "x5u"] {
        let rejected = of(&with(header(), name, json!(["exp"])), &claims());
        assert_eq!(rejected, Err(Rejected::HeaderParameter(name)));
    }
}

#[test]
fn no_other_algorithm_signs_one() {
    let claims = claims().to_string();
    for (alg, sign) in [
        ("none", Box::new(|_: &[u8]| Vec::new()) as Box<dyn Fn(&[u8]) -> Vec<u8>>),
        ("HS256", Box::new(|message: &[u8]| KEYS.hs256_with_public_key(message))),
        ("RS256", Box::new(|message: &[u8]| KEYS.rs256(message))),
        ("eddsa", Box::new(|message: &[u8]| KEYS.eddsa(message))),
    ] {
        let forged = token(&with(header(), "alg", json!(alg)).to_string(), &claims, sign);
        let expected = Err(Rejected::Algorithm { expected: Algorithm::EdDsa, found: alg.into() });
        assert_eq!(verify(&forged), expected);
    }
    let forged = token(&header().to_string(), &claims, |message| KEYS.rs256(message));
    assert_eq!(verify(&forged), Err(Rejected::UnknownKey(None)));
}

#[test]
fn every_claim_is_needed_in_its_form() {
    for name in ["exp", "userId", "tenantId", "kid"] {
        let rejected = of(&header(), &with(claims(), name, Value::Null));
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name}: {rejected:?}");
    }
    let bare = TENANT.replace('-', "");
    for (name, value) in [
        ("exp", json!("1900000000")),
        ("exp", json!(1.9e9)),
        ("userId", json!("anna")),
        ("tenantId", json!(bare)),
        ("tenantId", json!(format!("urn:uuid:{TENANT}"))),
        ("tenantId", json!(format!("{{{TENANT}}}"))),
        ("kid", json!(4711)),
        ("kid", json!("")),
        ("tenantSlug", json!(7)),
        ("iat", json!("now")),
        ("nbf", json!(true)),
    ] {
        let rejected = of(&header(), &with(claims(), name, value.clone()));
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name} {value}: {rejected:?}");
    }
}

#[test]
fn a_claim_that_is_there_twice_is_refused() {
    let claims = with(claims(), "tenantSlug", json!("bikes"));
    for name in ["exp", "userId", "tenantId", "kid", "tenantSlug"] {
        let twice = claims.to_string().replacen('{', &format!("{{\"{name}\":{},", claims[name]), 1);
        let rejected = verify(&signed(&header().to_string(), &twice));
        assert!(matches!(rejected, Err(Rejected::Claims(_))), "{name}: {rejected:?}");
    }
}

#[test]
fn what_only_other_tokens_say_is_refused() {
    for name in ["iss", "sub", "aud"] {
        for value in [json!("platform"), json!([]), json!(0)] {
            let rejected = of(&header(), &with(claims(), name, value));
            assert_eq!(rejected, Err(Rejected::OtherKind(name)));
        }
        let null = claims().to_string().replacen('{', &format!("{{\"{name}\":null,"), 1);
        assert_eq!(verify(&signed(&header().to_string(), &null)), Err(Rejected::OtherKind(name)));
    }
}

#[test]
fn times_count_as_in_other_tokens() {
    let at = |name: &str, offset: i64| of(&header(), &with(claims(), name, json!(NOW + offset)));
    assert!(at("exp", -29).is_ok());
    assert_eq!(at("exp", -30), Err(Rejected::Expired(UnixTime::from_seconds(NOW - 30))));
    for name in ["iat", "nbf"] {
        assert_eq!(at(name, 30), Ok(said()));
        assert_eq!(at(name, 31), Err(Rejected::NotYetValid(UnixTime::from_seconds(NOW + 31))));
    }
}

#[test]
fn what_is_no_compact_token_is_refused() {
    let good = signed(&header().to_string(), &claims().to_string());
    for broken in ["", "..", &good[..good.len() / 3], &format!("Bearer {good}"), &format!("{good}.")] {
        assert!(matches!(verify(broken), Err(Rejected::Malformed(_))), "{broken:?}");
    }
    let message = good.rsplit_once('.').unwrap().0;
    assert_eq!(verify(&format!("{message}.")), Err(Rejected::UnknownKey(None)));
    assert_eq!(verify(&"a".repeat(8 * 1024 + 1)), Err(Rejected::TooLong));
}

#[test]
fn no_kind_of_token_passes_for_another() {
    let now = UnixTime::from_seconds(NOW);
    let session = signed(&header().to_string(), &claims().to_string());
    let expected = Rejected::Type(Some("JWT".into()));
    let access = AccessVerifier::new("https://issuer", "platform");
    assert_eq!(access.verify(&session, &KEYS.set(), now), Err(expected.clone()));
    let scx = ScxVerifier::new("https://issuer", "platform");
    assert_eq!(scx.verify(&session, &KEYS.set(), now).map(|_| ()), Err(expected));
    // An access token, signed by either algorithm; the same with the header of a session token.
    let token = token(&access_header().to_string(), &access_claims().to_string(), |it| KEYS.rs256(it));
    assert_eq!(verify(&token), Err(Rejected::Type(Some("at+jwt".into()))));
    let eddsa = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "ed"});
    assert_eq!(of(&eddsa, &access_claims()), Err(Rejected::Type(Some("at+jwt".into()))));
    assert!(matches!(of(&header(), &access_claims()), Err(Rejected::Claims(_))));
    let mut all = access_claims();
    all.as_object_mut().unwrap().extend(claims().as_object().unwrap().clone());
    assert_eq!(of(&header(), &all), Err(Rejected::OtherKind("iss")));
}
