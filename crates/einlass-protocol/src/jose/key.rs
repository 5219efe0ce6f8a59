//! Keys that check signatures: parsed once, bound to one algorithm.

use super::{Algorithm, Jwk, from_base64url};
use aws_lc_rs::signature::{ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use std::fmt;

/// A public key that checks signatures of exactly one algorithm.
pub struct VerifyingKey {
    kid: Option<Box<str>>,
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

/// Why a JWK is no key for us.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyRejected {
    /// `alg` names another algorithm than the key's type has.
    #[error("`alg` does not fit the key")]
    Algorithm,
    /// A member is missing or of the wrong form.
    #[error("a member is missing or malformed")]
    Malformed,
    /// RSA with fewer than 2048 or more than 8192 bits (RFC 7518 §3.3).
    #[error("RSA needs 2048 to 8192 bits")]
    Size,
    /// A kind of key that signs nothing of ours; secret keys (`oct`) above all.
    #[error("key type or curve is not supported")]
    Type,
    /// The key is for something else than checking signatures (RFC 7517 §4.2, §4.3).
    #[error("the key is not for signatures")]
    Usage,
}

impl VerifyingKey {
    /// Judges and parses a key.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyRejected> {
        if jwk.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return Err(KeyRejected::Usage);
        }
        if jwk.key_ops.as_ref().is_some_and(|ops| !ops.iter().any(|op| op == "verify")) {
            return Err(KeyRejected::Usage);
        }
        let (algorithm, key) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => (Algorithm::EdDsa, ed25519(jwk)?),
            ("RSA", _) => (Algorithm::Rs256, rsa(jwk)?),
            _ => return Err(KeyRejected::Type),
        };
        if jwk.alg.as_deref().is_some_and(|name| name != algorithm.as_str()) {
            return Err(KeyRejected::Algorithm);
        }
        Ok(Self { kid: jwk.kid.as_deref().map(Into::into), algorithm, key })
    }

    /// Which key of its set it is.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm it is for.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.kid().unwrap_or("without kid"))
    }
}

fn ed25519(jwk: &Jwk) -> Result<ParsedPublicKey, KeyRejected> {
    let bytes = member(jwk.x.as_deref())?;
    if bytes.len() != 32 {
        return Err(KeyRejected::Malformed);
    }
    ParsedPublicKey::new(&ED25519, bytes).map_err(|_| KeyRejected::Malformed)
}

fn rsa(jwk: &Jwk) -> Result<ParsedPublicKey, KeyRejected> {
    let components = RsaPublicKeyComponents { n: member(jwk.n.as_deref())?, e: member(jwk.e.as_deref())? };
    let bits = components.n.len() * 8;
    if !(2048..=8192).contains(&bits) || components.n.first().is_none_or(|first| *first < 0x80) {
        return Err(KeyRejected::Size);
    }
    components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).map_err(|_| KeyRejected::Malformed)
}

fn member(text: Option<&str>) -> Result<Vec<u8>, KeyRejected> {
    text.and_then(from_base64url).ok_or(KeyRejected::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn okp() -> Jwk {
        Jwk::ed25519(&from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap())
    }

    #[test]
    fn a_key_for_anything_but_our_signatures_is_refused() {
        assert!(VerifyingKey::from_jwk(&okp()).is_ok());
        for (change, reason) in [
            (Jwk { usage: Some("enc".into()), ..okp() }, KeyRejected::Usage),
            (Jwk { key_ops: Some(vec!["sign".into()]), ..okp() }, KeyRejected::Usage),
            (Jwk { alg: Some("RS256".into()), ..okp() }, KeyRejected::Algorithm),
            (Jwk { crv: Some("Ed448".into()), ..okp() }, KeyRejected::Type),
            (Jwk { kty: "oct".into(), ..okp() }, KeyRejected::Type),
            (Jwk { x: Some("11qYAYKxCrfVS".into()), ..okp() }, KeyRejected::Malformed),
            (Jwk { x: None, ..okp() }, KeyRejected::Malformed),
        ] {
            assert_eq!(VerifyingKey::from_jwk(&change).unwrap_err(), reason);
        }
    }

    #[test]
    fn a_short_rsa_key_is_refused() {
        let mut modulus = [0xff; 128];
        assert_eq!(VerifyingKey::from_jwk(&Jwk::rs256(&modulus, &[1, 0, 1])).unwrap_err(), KeyRejected::Size);
        modulus[0] = 0;
        let mut padded = vec![0; 256];
        padded[128..].copy_from_slice(&modulus);
        assert_eq!(VerifyingKey::from_jwk(&Jwk::rs256(&padded, &[1, 0, 1])).unwrap_err(), KeyRejected::Size);
    }
}
