//! Sockets and workers: one thread, one runtime and one listener each, so that a request never changes its
//! core.

mod admit;
mod bind;
mod connection;
mod counters;
mod crowd;
mod descriptors;
mod guarded;
mod head_timer;
mod hosts;
mod leaving;
mod proxies;
mod route;
mod tls;
mod worker;

pub use admit::CallerScheme;
pub use bind::{Bound, bind};
pub use counters::Counters;
pub use descriptors::Descriptors;
pub use hosts::Hosts;
pub use leaving::Leaving;
pub use proxies::{InvalidNetwork, Proxies};
pub use route::{Handler, Route};
pub use tls::Tls;
pub use worker::Service;

use std::sync::Arc;
use std::time::Duration;

/// Whom a listener serves, and what it bears.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The certificate; without one the listener is plain HTTP.
    pub tls: Option<Tls>,
    /// Who is believed about callers.
    pub proxies: Proxies,
    /// The names under which it answers.
    pub hosts: Hosts,
    /// Where it counts.
    pub counters: Arc<Counters>,
    /// How long a caller may take for the head of a request, and before it for TLS.
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
    /// The most connections of one address, over all workers; further ones are closed. For IPv6 an address is the
    /// network of 64 bits that it lies in. Trusted proxies have no such bound.
    pub max_per_address: u32,
    /// Whether it will stop soon.
    pub leaving: Leaving,
    /// How long open connections may take to finish when the listener stops.
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tls: None,
            proxies: Proxies::default(),
            hosts: Hosts::Any,
            counters: Arc::default(),
            header_read: Duration::from_secs(15),
            idle: Duration::from_secs(90),
            max_head: 64 * 1024,
            max_streams: 100,
            max_connections: 10_000,
            max_per_address: 1_000,
            leaving: Leaving::default(),
            drain: Duration::from_secs(30),
        }
    }
}
