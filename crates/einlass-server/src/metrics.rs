//! What an operator measures of a platform.

use crate::Platform;
use einlass_protocol::metrics::{Metric, Page};
use std::sync::atomic::Ordering;

const TOKENS: Metric =
    Metric { name: "einlass_token_requests_total", help: "Token requests, by what became of them." };
const SESSION_TOKENS: Metric =
    Metric { name: "einlass_session_tokens_total", help: "Session tokens made for apps in the hub." };
const APP_TOKENS: Metric =
    Metric { name: "einlass_app_tokens_total", help: "App tokens made for apps in the hub." };
const SIGNING: Metric =
    Metric { name: "einlass_signing_jobs", help: "Signatures that wait or are being made." };
const NOT_SIGNED: Metric = Metric {
    name: "einlass_signing_refused_total",
    help: "Signatures that would have had to wait for too long.",
};
const CONNECTIONS: Metric =
    Metric { name: "einlass_store_connections", help: "Connections to the database." };
const BEHIND: Metric = Metric {
    name: "einlass_changes_behind",
    help: "Changes of other nodes that were not taken note of when they were last looked for.",
};

impl Platform {
    /// Writes every number of this node's on a page.
    pub fn write_metrics(&self, page: &mut Page) {
        for (outcome, count) in self.counters.outcomes() {
            page.counter(TOKENS, &[("outcome", outcome)], count);
        }
        page.counter(SESSION_TOKENS, &[], self.session_tokens.load(Ordering::Relaxed));
        page.counter(APP_TOKENS, &[], self.app_tokens.load(Ordering::Relaxed));
        page.gauge(SIGNING, &[], self.pool.jobs().into());
        page.counter(NOT_SIGNED, &[], self.pool.refused());
        let (connections, idle) = self.store.connections();
        page.gauge(CONNECTIONS, &[("state", "idle")], idle.into());
        page.gauge(CONNECTIONS, &[("state", "used")], connections.saturating_sub(idle).into());
        page.gauge(BEHIND, &[], self.changes_behind.load(Ordering::Relaxed));
    }
}
