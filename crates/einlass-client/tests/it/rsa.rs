//! An issuer's key, as keys for RS256 are. One for the process: it takes a while to make.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use einlass_client::protocol::jose::{Jwk, base64url};
use serde_json::{Value, json};
use std::sync::LazyLock;

static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

/// The key, under this name.
pub(crate) fn jwk(kid: &str) -> Jwk {
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(KEY.public_key());
    Jwk { kid: Some(kid.into()), ..Jwk::rs256(&public.n, &public.e) }
}

/// A token of the key that is named `rsa`.
pub(crate) fn signed(claims: &Value) -> String {
    signed_as(&json!({"alg": "RS256", "typ": "JWT", "kid": "rsa"}), claims)
}

/// A token of this header.
pub(crate) fn signed_as(header: &Value, claims: &Value) -> String {
    let part = |json: &Value| base64url(json.to_string().as_bytes());
    let message = format!("{}.{}", part(header), part(claims));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", base64url(&signature))
}
