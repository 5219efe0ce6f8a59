//! Sockets and workers: one thread, one runtime and one listener each, so that a request never changes its
//! core.

mod bind;
mod connection;
mod guarded;
mod route;
mod worker;

pub use bind::{Bound, bind};
pub use route::{Fallback, Route};
pub use worker::Service;

use std::time::Duration;

/// What a listener bears.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a caller may take for the head of a request.
    pub header_read: Duration,
    /// How long a connection may go without a byte in either direction. More than the upstream may take
    /// to begin its answer.
    pub idle: Duration,
    /// The most bytes of a request's head.
    pub max_head: u32,
    /// The most requests that one HTTP/2 connection may have under way.
    pub max_streams: u32,
    /// The most connections of one worker; further ones wait to be accepted.
    pub max_connections: u32,
    /// How long open connections may take to finish when the listener stops.
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(15),
            idle: Duration::from_secs(90),
            max_head: 64 * 1024,
            max_streams: 100,
            max_connections: 10_000,
            drain: Duration::from_secs(30),
        }
    }
}
