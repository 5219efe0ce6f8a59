//! What is measured, a file each.

mod bodies;
mod flood;
mod gateway;
mod growth;
mod half_load;
mod memory;
mod mixed;
mod new_tokens;
mod onprem;
mod overload;
mod pages;
mod scx;
mod session_tokens;
mod start;
mod stream;
mod tokens;

use crate::bare;
use crate::load::{Load, Measured, Requests};
use crate::peers::ours::Ours;
use crate::peers::{Envoy, Peer, Running, envoy, haproxy, nginx};
use crate::race::Contender;
use einlass_protocol::jose::Algorithm;
use std::time::Duration;

/// Connections of a closed load, each with one request under way.
const CONNECTIONS: usize = 32;
/// Connections that a paced load may use.
const PACED_CONNECTIONS: usize = 256;
const WARM_UP: Duration = Duration::from_millis(500);

/// What all scenarios find.
pub(crate) struct Stage<'a> {
    /// How long everybody is measured in each round.
    pub(crate) span: Duration,
    pub(crate) upstream: &'a bare::Server,
    pub(crate) ours: &'a Ours,
    pub(crate) running: &'a Running<'a>,
}

/// A scenario and its name.
type Named = (&'static str, fn(&Stage));

/// All of them, in the order in which they run.
pub(crate) const SCENARIOS: [Named; 16] = [
    ("tokens", tokens::run),
    ("scx", scx::run),
    ("overload", overload::run),
    ("gateway", gateway::run),
    ("onprem", onprem::run),
    ("new-tokens", new_tokens::run),
    ("bodies", bodies::run),
    ("stream", stream::run),
    ("half-load", half_load::run),
    ("mixed", mixed::run),
    ("flood", flood::run),
    ("pages", pages::run),
    ("session-tokens", session_tokens::run),
    ("start", start::run),
    ("memory", memory::run),
    ("growth", growth::run),
];

impl Stage<'_> {
    /// Warms up with a closed load.
    fn warm(&self, contender: &Contender, requests: &Requests) {
        Load::new(contender.address, requests).closed(CONNECTIONS, WARM_UP.min(self.span));
    }

    /// Measures with a closed load.
    fn measure(&self, contender: &Contender, requests: &Requests) -> Measured {
        Load::new(contender.address, requests).closed(CONNECTIONS, self.span)
    }

    /// The gateways that check tokens which are signed so.
    fn checking_gateways(&self, algorithm: Algorithm) -> Vec<Result<Peer, String>> {
        let upstream = &self.upstream.address;
        let envoys =
            [Envoy::Remembers, Envoy::Verifies].map(|kind| envoy(upstream, self.ours, algorithm, kind));
        match algorithm {
            Algorithm::Rs256 => [haproxy(upstream, self.ours, true)].into_iter().chain(envoys).collect(),
            Algorithm::EdDsa => envoys.into(),
        }
    }

    /// The proxies that check nothing.
    fn bare_proxies(&self) -> Vec<Result<Peer, String>> {
        let upstream = &self.upstream.address;
        vec![nginx(upstream), haproxy(upstream, self.ours, false)]
    }
}
