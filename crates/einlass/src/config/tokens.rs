//! `[tokens]`: what access tokens say.

use std::time::Duration;

/// The access tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// What they are for: the platform's name, which is no URL.
    pub(crate) audience: String,
    /// How long they are valid: from a second to a day.
    pub(crate) access_lifetime: Duration,
}
