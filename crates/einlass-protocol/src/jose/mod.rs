//! Signed tokens and the keys that check them: JWS compact form (RFC 7515), JWK (RFC 7517), JWT (RFC 7519).
//!
//! Two algorithms, and the key decides which one is used, never the token (RFC 8725 §3.1).

mod access;
mod app;
mod compact;
mod id;
mod jwk;
mod key;
mod key_set;
mod rejected;
mod remembered;
mod scx;
mod session;
mod times;

pub use access::AccessVerifier;
pub use app::AppVerifier;
pub use compact::{Header, signing_input};
pub use id::{IdHint, IdVerifier, Identity};
pub use jwk::Jwk;
pub use key::{KeyRejected, VerifyingKey};
pub use key_set::{KeySet, KeySetRejected};
pub use rejected::TokenRejected;
pub use remembered::RememberedToken;
pub use scx::ScxVerifier;
pub use session::{session_signing_input, verify_session};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The signature algorithms in use (RFC 7518 §3.3, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Algorithm {
    /// Ed25519: 11 µs to sign.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits or more: what the platform's clients expect.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Algorithm {
    /// The name in `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of this name, if it is one of ours.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::EdDsa, Self::Rs256].into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Base64url without padding (RFC 7515 §2).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a base64url text without padding. `None` also for a text that is not the one canonical
/// spelling of its bytes.
fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
