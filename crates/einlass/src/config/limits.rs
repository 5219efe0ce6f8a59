//! `[limits]`: what callers may use up.

use std::num::NonZero;

/// What callers may use up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Token requests a second of one client from one address.
    pub(crate) token_requests_per_second: NonZero<u32>,
    /// Requests a second of one address, of any client. `None`: not counted.
    pub(crate) requests_per_second_per_address: Option<NonZero<u32>>,
    /// Failed authentications a minute of one address, before it has to wait.
    pub(crate) failures_per_minute: NonZero<u32>,
    /// Open connections of one worker. `None`: as many as the process may have descriptors for.
    pub(crate) connections: Option<NonZero<u32>>,
    /// Open connections of one address. `None`: not counted.
    pub(crate) connections_per_address: Option<NonZero<u32>>,
}
