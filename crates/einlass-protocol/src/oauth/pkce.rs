//! Proof key for code exchange (RFC 7636): whoever redeems a code is whoever asked for it.

use crate::secret::Secret;
use aws_lc_rs::{constant_time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::str::FromStr;

/// What a client keeps to itself until it redeems the code: 43 to 128 unreserved characters (RFC 7636 §4.1).
#[derive(Clone, Debug)]
pub struct CodeVerifier(Secret);

/// A text that is no verifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not 43 to 128 unreserved characters")]
pub struct InvalidVerifier;

impl CodeVerifier {
    /// Makes one of 256 random bits, as RFC 7636 §4.1 recommends.
    #[must_use]
    pub fn from_entropy(entropy: &[u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(entropy)))
    }

    /// Reads one.
    ///
    /// # Errors
    /// When it is too short, too long, or has other characters.
    pub fn parse(text: String) -> Result<Self, InvalidVerifier> {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let fits = (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved);
        if fits { Ok(Self(Secret::new(text))) } else { Err(InvalidVerifier) }
    }

    /// The clear text, for the one place that keeps or sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is sent ahead of it (RFC 7636 §4.2, `S256`).
    #[must_use]
    pub fn challenge(&self) -> CodeChallenge {
        let hash = digest::digest(&digest::SHA256, self.expose().as_bytes());
        CodeChallenge(URL_SAFE_NO_PAD.encode(hash))
    }
}

/// The SHA-256 of a verifier in base64url (RFC 7636 §4.2). `plain` there is none.
#[derive(Clone, Debug)]
pub struct CodeChallenge(String);

/// A text that is no challenge.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a SHA-256 in base64url")]
pub struct InvalidChallenge;

impl CodeChallenge {
    /// As it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this verifier is what it was made of (RFC 7636 §4.6).
    #[must_use]
    pub fn is_of(&self, verifier: &CodeVerifier) -> bool {
        constant_time::verify_slices_are_equal(self.0.as_bytes(), verifier.challenge().0.as_bytes()).is_ok()
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CodeChallenge {
    type Err = InvalidChallenge;

    fn from_str(text: &str) -> Result<Self, InvalidChallenge> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidChallenge)?;
        if bytes.len() == 32 { Ok(Self(text.into())) } else { Err(InvalidChallenge) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 7636 appendix B.
        let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into()).unwrap();
        let challenge: CodeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse().unwrap();
        assert!(challenge.is_of(&verifier));
        assert!(!challenge.is_of(&CodeVerifier::from_entropy(&[1; 32])));
    }

    #[test]
    fn what_is_too_short_too_long_or_of_other_characters_is_none() {
        let verifier = |text: String| CodeVerifier::parse(text).is_ok();
        assert!(verifier("a".repeat(43)) && verifier("~".repeat(128)));
        assert!(!verifier("a".repeat(42)) && !verifier("a".repeat(129)) && !verifier(" ".repeat(43)));
        for text in ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", &*"a".repeat(44)] {
            assert!(text.parse::<CodeChallenge>().is_err(), "{text}");
        }
    }
}
