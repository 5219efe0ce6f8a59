//! What a listener counts.

use super::admit::TurnedAway;
use einlass_protocol::metrics::{Metric, Page};
use std::sync::atomic::{AtomicU64, Ordering};

const ACCEPTED: Metric =
    Metric { name: "einlass_connections_accepted_total", help: "Connections that were accepted." };
const OPEN: Metric = Metric { name: "einlass_connections_open", help: "Connections that are open." };
const REFUSED: Metric = Metric {
    name: "einlass_connections_refused_total",
    help: "Connections that were closed at once: their address had too many, or was no trusted proxy's.",
};
const HANDSHAKES: Metric =
    Metric { name: "einlass_tls_handshakes_failed_total", help: "Connections whose TLS handshake failed." };
const TURNED_AWAY: Metric = Metric {
    name: "einlass_requests_turned_away_total",
    help: "Requests that no service was asked about, by reason.",
};

/// Counts since the start, written by every worker of a listener.
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) accepted: Count,
    pub(super) closed: Count,
    pub(super) crowded: Count,
    pub(super) strangers: Count,
    pub(super) handshakes: Count,
    misdirected: Count,
    unusable: Count,
}

/// One number.
#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn up(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(super) fn turned_away(&self, why: TurnedAway) {
        match why {
            TurnedAway::Host => self.misdirected.up(),
            TurnedAway::Proxy(_) | TurnedAway::Coding => self.unusable.up(),
        }
    }

    /// Writes everything on a page. `listener` tells this one from others.
    pub fn write_to(&self, page: &mut Page, listener: &str) {
        let label = ("listener", listener);
        // In this order, so that a connection that comes and goes meanwhile does not make it negative.
        let closed = self.closed.read();
        let accepted = self.accepted.read();
        page.counter(ACCEPTED, &[label], accepted);
        page.gauge(OPEN, &[label], accepted.saturating_sub(closed));
        page.counter(REFUSED, &[label, ("reason", "too_many_of_address")], self.crowded.read());
        page.counter(REFUSED, &[label, ("reason", "no_trusted_proxy")], self.strangers.read());
        page.counter(HANDSHAKES, &[label], self.handshakes.read());
        page.counter(TURNED_AWAY, &[label, ("reason", "unknown_host")], self.misdirected.read());
        page.counter(TURNED_AWAY, &[label, ("reason", "unusable")], self.unusable.read());
    }
}
