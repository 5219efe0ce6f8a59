//! `[limits]`: what callers may use up.

use super::reader::Section;
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

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Limits> {
    let token_requests_per_second = section.or("token_requests_per_second", "200");
    let per_address: Option<u32> = section.or("requests_per_second_per_address", "1000");
    let failures_per_minute = section.or("failures_per_minute", "60");
    let connections = section.optional("connections");
    let connections_per_address: Option<u32> = section.or("connections_per_address", "1000");
    Some(Limits {
        token_requests_per_second: token_requests_per_second?,
        requests_per_second_per_address: NonZero::new(per_address?),
        failures_per_minute: failures_per_minute?,
        connections,
        connections_per_address: NonZero::new(connections_per_address?),
    })
}
