//! JSON Web Keys (RFC 7517), the public ones.

use super::{Algorithm, base64url};
use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

/// A public key on the wire. What it may be used for is judged by [`super::VerifyingKey`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Jwk {
    /// `RSA` or `OKP` (RFC 7518 §6.1, RFC 8037 §2).
    pub kty: String,
    /// The curve of an `OKP`: `Ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The public key of an `OKP`, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The modulus of an `RSA` key, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The public exponent of an `RSA` key, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// `sig` for a key that checks signatures (RFC 7517 §4.2).
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// What it may be used for, in other words (RFC 7517 §4.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_ops: Option<Vec<String>>,
    /// The one algorithm it is for (RFC 7517 §4.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Which key of the set it is (RFC 7517 §4.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
}

impl Jwk {
    /// The key that checks EdDSA signatures by Ed25519 (RFC 8037 §2); its `kid` is its thumbprint.
    #[must_use]
    pub fn ed25519(public_key: &[u8]) -> Self {
        let x = base64url(public_key);
        let thumbprint = thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
        Self { crv: Some("Ed25519".into()), x: Some(x), ..Self::bare("OKP", Algorithm::EdDsa, thumbprint) }
    }

    /// The key that checks RS256 signatures (RFC 7518 §6.3.1): modulus and exponent as big-endian bytes
    /// without leading zeros; its `kid` is its thumbprint.
    #[must_use]
    pub fn rs256(modulus: &[u8], exponent: &[u8]) -> Self {
        let (n, e) = (base64url(modulus), base64url(exponent));
        let thumbprint = thumbprint(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
        Self { n: Some(n), e: Some(e), ..Self::bare("RSA", Algorithm::Rs256, thumbprint) }
    }

    fn bare(kty: &str, algorithm: Algorithm, kid: String) -> Self {
        Self {
            kty: kty.into(),
            crv: None,
            x: None,
            n: None,
            e: None,
            usage: Some("sig".into()),
            key_ops: None,
            alg: Some(algorithm.as_str().into()),
            kid: Some(kid),
        }
    }
}

/// RFC 7638 §3: SHA-256 of the required members in alphabetical order.
fn thumbprint(members: &str) -> String {
    base64url(digest::digest(&digest::SHA256, members.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_the_one_of_rfc_8037_appendix_a() {
        let public_key = super::super::from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(
            Jwk::ed25519(&public_key).kid.as_deref(),
            Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        );
    }
}
