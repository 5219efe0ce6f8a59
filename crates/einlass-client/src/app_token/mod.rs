//! Who is in front of an app, as the platform's second issuer says it: app tokens, verified with that issuer's keys.
//!
//! An app's frontend asks the App Shell for one by `appBridge.method.call('getAppToken')` and hands it to the app's backend:
//!
//! ```no_run
//! use einlass_client::app_token::AppTokenVerifier;
//!
//! # async fn run(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let app_tokens = AppTokenVerifier::from_env()?;
//! let token = app_tokens.verify(token).await?;
//! println!("{} for the tenant {}", token.user, token.tenant);
//! # Ok(())
//! # }
//! ```
//!
//! - Unlike a [session token](crate::session) it names its issuer and its app, and its keys are public: the backend needs
//!   neither a secret nor an access token to verify it, and a token for another app is told apart.
//! - Where the keys are the issuer says itself (OpenID Connect Discovery). A document that is another issuer's is not
//!   believed, and no redirect is followed.
//! - It counts for one tenant, [`AppToken::tenant`]: what goes into `X-Tenant-ID`.
//! - Without keys nothing can be said about a token: that is a 503 and never a 401,
//!   see [`AppTokenError::is_rejected`].
//!
//! With the feature `tower` there is an `AppTokenLayer`, with the feature `axum` [`AppToken`] is an extractor.

mod error;
#[cfg(feature = "axum")]
mod extract;
mod verifier;

pub use error::AppTokenError;
pub use verifier::AppTokenVerifier;

use einlass_protocol::claims::AppClaims;
use einlass_protocol::ids::TenantId;
use einlass_protocol::time::UnixTime;

/// Lets requests through that have a good app token, with an [`AppToken`] among their extensions.
#[cfg(feature = "tower")]
pub type AppTokenLayer = crate::incoming::TokenLayer<AppTokenVerifier>;
/// What [`AppTokenLayer`] puts around a service.
#[cfg(feature = "tower")]
pub type AppTokenService<S> = crate::incoming::TokenService<AppTokenVerifier, S>;

/// Who is in front of the app, as a verified app token says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppToken {
    /// Who is signed in, as the issuer calls them (`sub`).
    pub user: String,
    /// For which tenant, and for no other: what goes into `X-Tenant-ID`.
    pub tenant: TenantId,
    /// Until when the token counts.
    pub expires_at: UnixTime,
}

impl From<AppClaims> for AppToken {
    fn from(claims: AppClaims) -> Self {
        Self { user: claims.subject, tenant: claims.tenant, expires_at: claims.expires_at }
    }
}
