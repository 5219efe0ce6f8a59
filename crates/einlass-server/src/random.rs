//! Randomness as a parameter.

use einlass_protocol::secret::{Secret, SecretKind};
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

/// Where random bytes come from. What they make is only as secret as they are.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// A secret of this kind, of 256 random bits.
    fn secret(&self, kind: SecretKind) -> Secret {
        let mut entropy = Zeroizing::new([0; 32]);
        self.fill(&mut *entropy);
        Secret::from_entropy(kind, &entropy)
    }

    /// A random UUID (RFC 9562 §5.4).
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
    #[expect(clippy::expect_used, reason = "without randomness nothing here may go on")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
