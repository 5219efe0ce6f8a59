//! Who is in front of an app: session tokens, verified with the platform's keys.
//!
//! An app's frontend asks the App Shell for one by `appBridge.method.call('getSessionToken')` and hands it to the app's
//! backend. There it is verified before anything in it is believed:
//!
//! ```no_run
//! use einlass_client::session::SessionVerifier;
//!
//! # async fn run(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let sessions = SessionVerifier::from_env()?;
//! let session = sessions.verify(token).await?;
//! println!("{} of customer {}", session.user, session.customer_number);
//! # Ok(())
//! # }
//! ```
//!
//! - The keys are behind an access token, which comes from a [`TokenCache`](crate::TokenCache). Nothing there ever waits
//!   for a session token, so neither can wait for the other.
//! - A token that no key checks allows one fetch in a cool-down, however many forged ones there are.
//! - Without keys nothing can be said about a token: that is a 503 and never a 401,
//!   see [`SessionTokenError::is_rejected`].
//! - A token says which tenant it is for, and not which app. The platform's key set may do so, if each app has keys of its
//!   own, as at Einlass; otherwise what another app of the platform was given counts here too. A backend of one merchant
//!   alone compares [`Session::tenant`] with that merchant's.
//!
//! With the feature `tower` there is a `SessionLayer`, with the feature `axum` [`Session`] is an extractor.

mod error;
#[cfg(feature = "axum")]
mod extract;
mod verifier;

pub use error::SessionTokenError;
pub use verifier::SessionVerifier;

use einlass_protocol::claims::SessionClaims;
use einlass_protocol::ids::{PersonId, TenantId};
use einlass_protocol::time::UnixTime;

/// Lets requests through that have a good session token, with a [`Session`] among their extensions.
#[cfg(feature = "tower")]
pub type SessionLayer = crate::incoming::TokenLayer<SessionVerifier>;
/// What [`SessionLayer`] puts around a service.
#[cfg(feature = "tower")]
pub type SessionService<S> = crate::incoming::TokenService<SessionVerifier, S>;

/// Who is in front of the app, as a verified session token says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Who is signed in.
    pub user: PersonId,
    /// For which tenant: what calls in this person's interest are made for.
    pub tenant: TenantId,
    /// The merchant's customer number.
    pub customer_number: String,
    /// How the tenant is called in addresses.
    pub tenant_slug: Option<String>,
    /// Until when the token counts.
    pub expires_at: UnixTime,
}

impl From<SessionClaims> for Session {
    fn from(claims: SessionClaims) -> Self {
        let SessionClaims { user, tenant, customer_number, tenant_slug, expires_at } = claims;
        Self { user, tenant, customer_number, tenant_slug, expires_at }
    }
}
