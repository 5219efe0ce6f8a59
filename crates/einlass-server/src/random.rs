//! Randomness as a parameter.

use einlass_protocol::secret::{Secret, SecretKind};
use einlass_protocol::time::UnixTime;
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

    /// A UUID of version 7 (RFC 9562 §5.7): ids of later times come later.
    fn ordered_id(&self, at: UnixTime) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(at.millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
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
