//! Tokens from a signer that shares no code with the verifier.

use super::StillClock;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use einlass_protocol::jose::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://auth.example";
pub(crate) const SECOND_ISSUER: &str = "https://auth.example/id";
pub(crate) const AUDIENCE: &str = "einlass-platform";
pub(crate) const APP: &str = "0b8f1e0c-5d7a-4c52-9d8e-0d6a6f0a1c11";
pub(crate) const TENANT: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
pub(crate) const CLIENT: &str = "client-1";
pub(crate) const REGISTRATION: &str = "5d0c2c5e-6a43-4f0e-9f0e-2f6c1c0a7d21";
pub(crate) const KEY: &str = "3f2b8c1e-9d47-4a6b-8e21-7c5d0f9a1b34";
pub(crate) const PERSON: &str = "person-7";

/// An identity provider with one key.
pub(crate) struct Issuer {
    key: Ed25519KeyPair,
    document: Vec<u8>,
}

impl Issuer {
    pub(crate) fn new() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref().to_vec();
        Self { key: Ed25519KeyPair::from_pkcs8(&document).unwrap(), document }
    }

    pub(crate) fn jwk(&self) -> Jwk {
        Jwk::ed25519(self.public_key())
    }

    pub(crate) fn public_key(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }

    /// The header of a good access token.
    pub(crate) fn header(&self) -> Header {
        Header { typ: Some("at+jwt".into()), kid: self.jwk().kid, ..Header::new(Algorithm::EdDSA) }
    }

    pub(crate) fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_ed_der(&self.document)).unwrap()
    }

    /// A good machine token with those scopes.
    pub(crate) fn machine(&self, scope: &str) -> String {
        self.sign(&self.header(), &claims(&json!({ "scope": scope })))
    }

    /// A good token of a person.
    pub(crate) fn person(&self, scope: &str) -> String {
        self.sign(&self.header(), &claims(&json!({ "scope": scope, "sub": PERSON })))
    }
}

/// The claims of a good machine token, with changes; `null` removes one.
pub(crate) fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": CLIENT,
        "client_id": CLIENT,
        "app_id": APP,
        "credential_id": "2c0a4a0e-94f4-4a55-a6bb-6a3d6f2f6e55",
        "jti": "9b2f9b5e-1f0d-4a53-a5ce-3d9e1b1b8f77",
        "iat": StillClock::START,
        "exp": StillClock::START + 3600,
        "scope": "items.read",
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}
