//! One of the platform's issuers: its name, and the keys that its tokens are signed and checked with.

use crate::Platform;
use crate::keys::{KeyError, KeyKeeper};
use einlass_protocol::jose::AccessVerifier;
use einlass_protocol::oauth::Generation;

/// An issuer.
pub struct Issuer {
    /// `iss` of its tokens: a URL.
    pub(crate) url: String,
    pub(crate) keys: KeyKeeper,
    /// What checks its access tokens.
    pub(crate) verifier: AccessVerifier,
}

/// The platform's issuers.
pub struct Issuers {
    pub(crate) a: Issuer,
    pub(crate) b: Issuer,
}

impl Issuers {
    pub(crate) async fn open(
        public_url: &str,
        audience: &str,
        keys_of: impl AsyncFn(&str) -> Result<KeyKeeper, KeyError>,
    ) -> Result<Self, KeyError> {
        let open = async |generation: Generation| {
            let url = generation.issuer(public_url);
            let (keys, verifier) = (keys_of(&url).await?, AccessVerifier::new(&url, audience));
            Ok::<_, KeyError>(Issuer { url, keys, verifier })
        };
        // At once: a first start makes an RSA key for each.
        let (a, b) = tokio::try_join!(open(Generation::A), open(Generation::B))?;
        Ok(Self { a, b })
    }

    /// This one.
    pub(crate) fn of(&self, generation: Generation) -> &Issuer {
        match generation {
            Generation::A => &self.a,
            Generation::B => &self.b,
        }
    }

    /// Both, and which is which.
    pub(crate) fn each(&self) -> impl Iterator<Item = (Generation, &Issuer)> {
        Generation::ALL.into_iter().map(|generation| (generation, self.of(generation)))
    }
}

impl Platform {
    /// The issuer of a generation.
    pub(crate) fn issuer(&self, generation: Generation) -> &Issuer {
        self.issuers.of(generation)
    }
}
