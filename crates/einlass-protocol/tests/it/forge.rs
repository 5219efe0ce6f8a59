//! A signer that signs whatever it is told to.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use einlass_protocol::jose::{Jwk, KeySet, base64url};
use serde_json::{Value, json};
use std::sync::LazyLock;

pub(crate) struct Keys {
    pub(crate) rsa: RsaKeyPair,
    pub(crate) ed: Ed25519KeyPair,
}

/// One pair of keys for the process: an RSA key takes a while to make.
pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
    ed: Ed25519KeyPair::generate().unwrap(),
});

impl Keys {
    pub(crate) fn rsa_jwk(&self) -> Jwk {
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(self.rsa.public_key());
        Jwk { kid: Some("rsa".into()), ..Jwk::rs256(&public.n, &public.e) }
    }

    pub(crate) fn ed_jwk(&self) -> Jwk {
        Jwk { kid: Some("ed".into()), ..Jwk::ed25519(self.ed.public_key().as_ref()) }
    }

    pub(crate) fn set(&self) -> KeySet {
        KeySet::from_jwks([self.rsa_jwk(), self.ed_jwk()])
    }

    pub(crate) fn rs256(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        self.rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }

    pub(crate) fn eddsa(&self, message: &[u8]) -> Vec<u8> {
        self.ed.sign(message).as_ref().to_vec()
    }

    /// HS256 with the public key as the secret: the classic confusion.
    pub(crate) fn hs256_with_public_key(&self, message: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.rsa.public_key().as_ref());
        hmac::sign(&key, message).as_ref().to_vec()
    }
}

/// A token of this header and payload, as they are.
pub(crate) fn token(header: &str, payload: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
    let signature = base64url(&sign(message.as_bytes()));
    format!("{message}.{signature}")
}

pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn header() -> Value {
    json!({"alg": "RS256", "typ": "at+jwt", "kid": "rsa"})
}

pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://issuer", "sub": "client", "aud": "platform", "client_id": "client",
        "app_id": "00000000-0000-4000-8000-000000000001",
        "credential_id": "00000000-0000-4000-8000-000000000002",
        "iat": NOW, "nbf": NOW, "exp": NOW + 3600,
        "jti": "00000000-0000-4000-8000-000000000003", "scope": "items.read"
    })
}

/// The value with this member set, or taken away if it is null.
pub(crate) fn with(mut value: Value, member: &str, new: Value) -> Value {
    let members = value.as_object_mut().unwrap();
    if new.is_null() {
        members.remove(member);
    } else {
        members.insert(member.into(), new);
    }
    value
}
