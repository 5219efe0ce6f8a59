//! The identity provider.

pub mod jwks;
pub mod metadata;
pub mod token;
