//! Tokens from a signer that shares no code with the verifier.

use super::{START, TENANT, USER};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use einlass_client::protocol::jose::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub(super) struct Signer {
    pair: Ed25519KeyPair,
}

impl Signer {
    pub(super) fn new() -> Self {
        Self { pair: Ed25519KeyPair::generate().unwrap() }
    }

    pub(super) fn jwk(&self) -> Jwk {
        Jwk::ed25519(self.pair.public_key().as_ref())
    }

    /// A good session token.
    pub(super) fn token(&self) -> String {
        self.sign(&Header::new(Algorithm::EdDSA), &claims(300))
    }

    /// A session token that ends so many seconds after the test's beginning.
    pub(super) fn token_until(&self, seconds: i64) -> String {
        self.sign(&Header::new(Algorithm::EdDSA), &claims(seconds))
    }

    pub(super) fn sign(&self, header: &Header, claims: &Value) -> String {
        let document = self.pair.to_pkcs8v1().unwrap();
        encode(header, claims, &EncodingKey::from_ed_der(document.as_ref())).unwrap()
    }
}

pub(super) fn claims(seconds: i64) -> Value {
    json!({"exp": START + seconds, "userId": USER, "tenantId": TENANT, "kid": "004711", "tenantSlug": "bikes"})
}
