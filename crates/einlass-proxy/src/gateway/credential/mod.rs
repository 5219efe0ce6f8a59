//! What an upstream knows us by, beside the headers that anybody in its network could send: a secret that it
//! shares with us, or a signed assertion. (A client certificate is [`crate::forward::UpstreamTls`]'s.)

mod assertion;
mod secret_header;

pub use assertion::{ASSERTION_TYPE, Assertions, Signer, SigningUnavailable};
pub use secret_header::SecretHeader;

use super::{Admission, Refusal};
use einlass_client::clock::Clock;
use http::HeaderMap;

/// What an upstream knows us by.
#[derive(Debug, Default)]
pub enum Credential {
    /// The identity headers alone: for an upstream that nobody else reaches.
    #[default]
    None,
    /// A header with a secret.
    Header(SecretHeader),
    /// `X-Einlass-Assertion`, signed by the platform for this upstream and this caller.
    Assertion(Assertions),
}

impl Credential {
    /// Puts it on a request whose caller's headers have been cleared already.
    pub(super) async fn put_on(
        &self,
        headers: &mut HeaderMap,
        admission: &Admission,
        clock: &dyn Clock,
    ) -> Result<(), Refusal> {
        let (name, value) = match self {
            Self::None => return Ok(()),
            Self::Header(header) => header.field(clock.monotonic()),
            Self::Assertion(assertions) => assertions.field(admission, clock).await?,
        };
        headers.insert(name, value);
        Ok(())
    }
}
