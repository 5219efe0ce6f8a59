//! The second issuer's tokens: its access tokens, and app tokens, which count for one tenant and for what that has granted.

use crate::kit::{
    APP, Empty as _, Gate, PERSON, SECOND_ISSUER, Setup, StillClock, TENANT, Upstream, call, claims, text,
};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use einlass_protocol::jose::{Jwk, base64url};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const OTHER_TENANT: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b11";

/// An issuer with one RSA key.
struct Second {
    key: RsaKeyPair,
    jwk: Jwk,
}

impl Second {
    fn new() -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
        let jwk = Jwk::rs256(&public.n, &public.e);
        Self { key, jwk }
    }

    fn sign(&self, typ: &str, claims: &Value) -> String {
        let header = json!({ "alg": "RS256", "typ": typ, "kid": self.jwk.kid }).to_string();
        let input = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.to_string().as_bytes()));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", base64url(&signature))
    }

    /// A good app token, with changes.
    fn app_token(&self, changes: &Value) -> String {
        let mut claims = json!({
            "iss": SECOND_ISSUER, "sub": PERSON, "aud": [APP], "urn:jtl:tenant_id": TENANT, "urn:jtl:app_id": APP,
            "iat": StillClock::START, "exp": StillClock::START + 300, "jti": "9b2f9b5e-1f0d-4a53-a5ce-3d9e1b1b8f78",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        self.sign("JWT", &claims)
    }
}

async fn with_second() -> (Gate, Upstream, Second) {
    let (upstream, second) = (Upstream::answering(|| text("served")).await, Second::new());
    let published = Arc::new(Mutex::new(vec![second.jwk.clone()]));
    let gate = Gate::start(Setup { second: Some(published), ..Setup::before(upstream.address) });
    (gate, upstream, second)
}

#[tokio::test]
async fn both_issuers_access_tokens_open_the_gateway() {
    let (gate, upstream, second) = with_second().await;
    let of_second = second.sign("at+jwt", &claims(&json!({ "iss": SECOND_ISSUER })));
    assert_eq!(call(gate.with_token("GET", "/erp/v2/items", &of_second).empty()).await.status, 200);
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    // What is remembered of one is remembered for its own keys.
    assert_eq!(call(gate.with_token("GET", "/erp/v2/items", &of_second).empty()).await.status, 200);
    assert_eq!(upstream.calls(), 3);
}

#[tokio::test]
async fn one_issuers_key_says_nothing_in_the_others_name() {
    let (gate, upstream, second) = with_second().await;
    let first = &gate.issuer;
    for (what, token) in [
        ("second's key, first's name", second.sign("at+jwt", &claims(&json!({})))),
        (
            "first's key, second's name",
            first.sign(&first.header(), &claims(&json!({ "iss": SECOND_ISSUER }))),
        ),
        ("an app token of the first's name", second.app_token(&json!({ "iss": crate::kit::ISSUER }))),
        ("a key of nobody's", Second::new().app_token(&json!({}))),
    ] {
        assert_eq!(call(gate.with_token("GET", "/erp/v2/items", &token).empty()).await.status, 401, "{what}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn an_app_token_acts_for_its_person_at_its_tenant_with_what_that_has_granted() {
    let (gate, upstream, second) = with_second().await;
    let token = second.app_token(&json!({}));
    let request = || gate.request("GET", "/erp/v2/items").header("authorization", format!("Bearer {token}"));
    assert_eq!(call(request().empty()).await.status, 200, "the token says the tenant");
    let mut seen = upstream.take();
    let seen = seen.pop().unwrap();
    assert_eq!(call(request().header("x-tenant-id", TENANT).empty()).await.status, 200);
    assert_eq!(upstream.take().len(), 1);
    let said =
        |name: &str| seen.parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(said("x-einlass-user").as_deref(), Some(PERSON));
    assert_eq!(said("x-einlass-app").as_deref(), Some(APP));
    assert_eq!(said("x-einlass-tenant").as_deref(), Some(TENANT));
    assert_eq!(said("x-tenant-id").as_deref(), Some(TENANT));
    assert_eq!(said("x-einlass-scopes").as_deref(), Some("items.read items.write"));
    let other = call(request().header("x-tenant-id", OTHER_TENANT).empty()).await;
    assert_eq!((other.status.as_u16(), other.json()["errorCode"].as_str()), (403, Some("OtherTenant")));
    gate.directory.install("items.write");
    gate.invalidations.everything();
    let less = call(request().empty()).await;
    assert_eq!((less.status.as_u16(), less.json()["errorCode"].as_str()), (403, Some("ScopeMissing")));
    gate.directory.install("items.read");
    gate.directory.dismiss();
    gate.invalidations.everything();
    let gone = call(request().empty()).await;
    assert_eq!((gone.status.as_u16(), gone.json()["errorCode"].as_str()), (403, Some("NotAMember")));
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn what_is_no_app_token_opens_nothing() {
    let (gate, upstream, second) = with_second().await;
    for changes in [
        // An ID token: for a client, of no app and no tenant.
        json!({ "aud": "client-1", "urn:jtl:tenant_id": null, "urn:jtl:app_id": null }),
        json!({ "urn:jtl:app_id": null }),
        json!({ "aud": "client-1" }),
        json!({ "jti": null }),
        json!({ "exp": StillClock::START - 31 }),
    ] {
        let token = second.app_token(&changes);
        let answer = call(gate.with_token("GET", "/erp/v2/items", &token).empty()).await;
        assert_eq!(answer.status, 401, "{changes}");
    }
    let access_of_app_token = second.sign("at+jwt", &json!({ "iss": SECOND_ISSUER, "aud": [APP] }));
    let answer = call(gate.with_token("GET", "/erp/v2/items", &access_of_app_token).empty()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(upstream.calls(), 0);
}
