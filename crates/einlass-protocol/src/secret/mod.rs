//! Secrets as two types: [`Secret`] is shown once and never stored, [`SecretHash`] is stored and never shown.

mod format;

pub use format::{SecretKind, looks_secret};

use aws_lc_rs::{constant_time, digest};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::str::FromStr;

/// A secret in clear: a client secret, an access token, an admin token. It has no `Display` and no
/// `Serialize`, its `Debug` says `[secret]`, and its memory is wiped when it goes.
///
/// ```compile_fail
/// println!("{}", einlass_protocol::secret::Secret::new("hush".into()));
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a clear text into custody.
    #[must_use]
    pub fn new(clear: String) -> Self {
        Self(SecretString::from(clear))
    }

    /// Makes a secret of this kind from 256 random bits.
    #[must_use]
    pub fn from_entropy(kind: SecretKind, entropy: &[u8; 32]) -> Self {
        Self::new(format::encode(kind, entropy))
    }

    /// The clear text, for the one place that must send or compare it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The SHA-256 of a secret. A slow hash would defend guessable passwords; these have 256 random bits, and
/// its price would be the token endpoint's throughput.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes a clear secret.
    #[must_use]
    pub fn of(secret: &Secret) -> Self {
        let digest = digest::digest(&digest::SHA256, secret.expose().as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }

    /// A hash that no secret has in practice: what an unknown client's secret is compared with, so that it
    /// costs what a wrong secret costs.
    #[must_use]
    pub const fn of_nothing() -> Self {
        Self([0; 32])
    }

    /// Whether both are the same, in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }

    /// The hash itself, for a table in memory.
    #[must_use]
    pub const fn bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Lower-case hexadecimal, 64 characters: the form that is stored and looked up.
    #[must_use]
    pub fn to_hex(&self) -> String {
        let digits = |byte: &u8| {
            [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        };
        self.0.iter().flat_map(digits).collect()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret hash]")
    }
}

/// A text that is not 64 hexadecimal characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a SHA-256 in hexadecimal")]
pub struct InvalidHash;

impl FromStr for SecretHash {
    type Err = InvalidHash;

    fn from_str(hex: &str) -> Result<Self, InvalidHash> {
        let digits = hex.as_bytes();
        if digits.len() != 64 {
            return Err(InvalidHash);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

fn nibble(digit: u8) -> Result<u8, InvalidHash> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(InvalidHash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing() {
        let secret = Secret::new("canary".into());
        let shown = format!("{secret:?} {:?}", SecretHash::of(&secret));
        assert_eq!(shown, "[secret] [secret hash]");
    }

    #[test]
    fn a_hash_survives_its_text_and_matches_only_its_secret() {
        let hash = SecretHash::of(&Secret::new("a".into()));
        let again: SecretHash = hash.to_hex().parse().unwrap();
        assert!(hash.matches(&again));
        assert!(!hash.matches(&SecretHash::of(&Secret::new("b".into()))));
        assert!(!hash.matches(&SecretHash::of_nothing()));
        assert_eq!("zz".parse::<SecretHash>().unwrap_err(), InvalidHash);
    }
}
