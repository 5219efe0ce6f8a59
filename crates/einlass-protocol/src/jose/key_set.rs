//! Key sets (RFC 7517 §5), as somebody who checks signatures sees them.

use super::{Algorithm, Jwk, TokenRejected, VerifyingKey};
use serde::Deserialize;

/// How many keys are looked at; a set has two or three.
const MOST_KEYS: usize = 64;
/// How many keys are tried for a token that does not name one.
const MOST_TRIES: usize = 4;

/// The usable keys of a key set, in its order.
#[derive(Debug)]
pub struct KeySet {
    keys: Vec<VerifyingKey>,
}

/// Why a document is no key set.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeySetRejected {
    /// Not JSON of the form `{"keys": […]}`.
    #[error("not a JSON Web Key Set")]
    Malformed,
    /// More than 64 keys.
    #[error("more than {MOST_KEYS} keys")]
    TooMany,
}

impl KeySet {
    /// Reads a key set. A key that is not for us is passed over and does not spoil the others
    /// (RFC 7517 §5).
    pub fn parse(document: &[u8]) -> Result<Self, KeySetRejected> {
        #[derive(Deserialize)]
        struct Document<'a> {
            #[serde(borrow)]
            keys: Vec<&'a serde_json::value::RawValue>,
        }
        let document: Document = serde_json::from_slice(document).map_err(|_| KeySetRejected::Malformed)?;
        if document.keys.len() > MOST_KEYS {
            return Err(KeySetRejected::TooMany);
        }
        let jwks = document.keys.into_iter().filter_map(|raw| serde_json::from_str::<Jwk>(raw.get()).ok());
        Ok(Self::from_jwks(jwks))
    }

    /// The set of those keys that are for us.
    #[must_use]
    pub fn from_jwks(jwks: impl IntoIterator<Item = Jwk>) -> Self {
        Self { keys: jwks.into_iter().filter_map(|jwk| VerifyingKey::from_jwk(&jwk).ok()).collect() }
    }

    /// Whether no key is usable.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many keys are usable.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Checks a signature: by the key that the header names, or, when it names none, by the first few that
    /// fit. The key decides the algorithm; the header must agree.
    pub(super) fn check(
        &self,
        kid: Option<&str>,
        alg: &str,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), TokenRejected> {
        let Some(kid) = kid else {
            return self.check_by_any(alg, message, signature);
        };
        let mut known = self.keys.iter().filter(|key| key.kid() == Some(kid)).peekable();
        let Some(first) = known.peek() else {
            return Err(TokenRejected::UnknownKey(Some(kid.into())));
        };
        let expected = first.algorithm();
        let Some(key) = known.find(|key| key.algorithm().as_str() == alg) else {
            return Err(TokenRejected::Algorithm { expected, found: alg.into() });
        };
        if key.verifies(message, signature) { Ok(()) } else { Err(TokenRejected::Signature) }
    }

    fn check_by_any(&self, alg: &str, message: &[u8], signature: &[u8]) -> Result<(), TokenRejected> {
        let Some(algorithm) = Algorithm::from_name(alg) else {
            return Err(TokenRejected::Algorithm { expected: Algorithm::Rs256, found: alg.into() });
        };
        let mut fitting = self.keys.iter().filter(|key| key.algorithm() == algorithm).take(MOST_TRIES);
        if fitting.any(|key| key.verifies(message, signature)) {
            return Ok(());
        }
        Err(TokenRejected::UnknownKey(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_key_does_not_spoil_the_set() {
        let good = serde_json::to_string(&Jwk::ed25519(
            &super::super::from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap(),
        ))
        .unwrap();
        let set = KeySet::parse(format!(r#"{{"keys":[{{"kty":"oct","k":"AA"}},7,{{}},{good}]}}"#).as_bytes());
        assert_eq!(set.unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_key_set_is_refused() {
        for document in ["", "[]", "{}", r#"{"keys":{}}"#] {
            assert_eq!(KeySet::parse(document.as_bytes()).unwrap_err(), KeySetRejected::Malformed);
        }
        let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 65].join(","));
        assert_eq!(KeySet::parse(many.as_bytes()).unwrap_err(), KeySetRejected::TooMany);
        assert!(KeySet::parse(br#"{"keys":[]}"#).unwrap().is_empty());
    }
}
