//! The client side of Einlass.
//!
#![doc = include_str!("../README.md")]

pub mod api;
pub mod app_token;
pub mod cache;
pub mod clock;
pub mod environment;
pub mod fetch;
pub mod incoming;
pub mod issuer;
pub mod jitter;
pub mod keyset;
pub mod login;
pub mod onprem;
mod private_file;
pub mod random;
pub mod session;
pub mod source;
pub mod transport;

pub use api::ApiClient;
pub use cache::{Token, TokenCache, TokenError};
pub use einlass_protocol as protocol;
pub use http;
pub use keyset::KeySetCache;

/// The example of the repository's README must compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct RepositoryReadme;

/// So must the one of the guide for cloud apps.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/cloud-apps.md")]
struct CloudAppsGuide;
