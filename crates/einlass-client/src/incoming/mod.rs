//! Tokens that come with requests to an app's backend, what is the same whatever their kind: see [`session`](crate::session)
//! and [`app_token`](crate::app_token).

mod answer;
mod bearer;
mod keys;
#[cfg(feature = "tower")]
mod layer;
mod words;

pub use answer::{Fault, Refusal};
pub(crate) use answer::{answer, status};
pub(crate) use bearer::bearer;
pub(crate) use keys::judged;
#[cfg(feature = "tower")]
pub use layer::{TokenLayer, TokenService};
pub(crate) use words::{Span, cause};

use http::HeaderMap;

/// Verifies tokens of one kind.
pub trait Verifier: Clone + Send + Sync + 'static {
    /// What a good one says.
    type Verified: Clone + Send + Sync + 'static;
    /// Why one is not believed.
    type Refusal: Refusal;

    /// What the token in these headers says, which is sent as `Authorization: Bearer`.
    fn verified(
        &self,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Self::Verified, Self::Refusal>> + Send;
}
