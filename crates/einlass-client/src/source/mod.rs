//! Where tokens come from.

pub(crate) mod answer;
mod api_key;
mod client_credentials;
mod credentials;
mod lifetime;
mod scx;

pub use api_key::ApiKey;
pub use client_credentials::ClientCredentials;
pub use credentials::{Credentials, NoCredentials};
pub use scx::{RefreshToken, Scx};

use crate::fetch::{BoxFuture, FetchError, IssuedToken};

/// Fetches tokens of one issuer for one client and one set of scopes.
///
/// It neither retries nor remembers: that is the work of the [cache](crate::cache).
pub trait TokenSource: Send + Sync + 'static {
    /// Asks for a token, once.
    fn fetch(&self) -> BoxFuture<'_, Result<IssuedToken, FetchError>>;

    /// Whether the credentials are others than those of the last fetch, so that a refusal of those says
    /// nothing about these.
    fn credentials_changed(&self) -> bool {
        false
    }
}
