//! The identity provider.

pub mod client;
mod error;
pub(crate) mod granting;
pub mod introspect;
pub mod jwks;
pub mod metadata;
mod presented;
mod refuse;
pub mod revoke;
pub mod token;

pub use error::OAuthError;

use http::HeaderName;
use http::header::{CACHE_CONTROL, PRAGMA};

/// RFC 6749 §5.1: both headers, on whatever holds tokens or says why there is none.
const NOT_KEPT: [(HeaderName, &str); 2] = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
