//! One secret from which every value of a demonstration platform derives, so that each start writes the
//! same ones.

use crate::keys::MasterKey;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use einlass_protocol::secret::{Secret, SecretKind};
use std::fmt;
use uuid::{Builder, Uuid};

/// 256 bits, kept in the data folder.
pub struct Seed(Prk);

impl Seed {
    /// Takes 256 bits into custody.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Salt::new(HKDF_SHA256, b"einlass dev").extract(bytes))
    }

    /// The UUID of this name.
    #[must_use]
    pub fn uuid(&self, name: &str) -> Uuid {
        let bytes = self.derive("uuid", name);
        let mut half = [0; 16];
        half.copy_from_slice(&bytes[..16]);
        Builder::from_random_bytes(half).into_uuid()
    }

    /// The secret of this name.
    #[must_use]
    pub fn secret(&self, kind: SecretKind, name: &str) -> Secret {
        Secret::from_entropy(kind, &self.derive("secret", name))
    }

    /// What the platform's signing keys are sealed under.
    #[must_use]
    pub fn master_key(&self) -> MasterKey {
        MasterKey::new(self.derive("master key", ""))
    }

    #[expect(clippy::expect_used, reason = "HKDF-SHA256 gives up to 8160 bytes (RFC 5869 §2.3)")]
    fn derive(&self, purpose: &str, name: &str) -> [u8; 32] {
        struct Length32;
        impl KeyType for Length32 {
            fn len(&self) -> usize {
                32
            }
        }
        let mut bytes = [0; 32];
        let info = [purpose.as_bytes(), b"\0", name.as_bytes()];
        let output = self.0.expand(&info, Length32).expect("32 bytes are few enough");
        output.fill(&mut bytes).expect("the buffer has the length that was asked for");
        bytes
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[seed]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_depend_on_seed_purpose_and_name_and_on_nothing_else() {
        let (one, same, other) = (Seed::new(&[1; 32]), Seed::new(&[1; 32]), Seed::new(&[2; 32]));
        let secret = |seed: &Seed, name| seed.secret(SecretKind::ClientSecret, name).expose().to_owned();
        assert_eq!(one.uuid("a"), same.uuid("a"));
        assert_eq!(secret(&one, "a"), secret(&same, "a"));
        assert_ne!(one.uuid("a"), one.uuid("b"));
        assert_ne!(one.uuid("a"), other.uuid("a"));
        assert_ne!(secret(&one, "a"), secret(&other, "a"));
    }
}
