//! The client side of Einlass: tokens that stay fresh, calls that survive a 401, keys to check tokens with.

pub mod cache;
pub mod clock;
pub mod environment;
pub mod fetch;
pub mod jitter;
pub mod keyset;
pub mod source;
pub mod transport;
