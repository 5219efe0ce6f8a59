//! What an operator measures of a platform: plain numbers, for whoever prints them.

use crate::Platform;
use std::sync::atomic::Ordering;

/// A number at one moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Measure {
    /// What is measured, as Prometheus names it: `_total` at the end of what only grows.
    pub name: &'static str,
    /// One line for people.
    pub help: &'static str,
    /// Which part of it, if it has parts: a label's name and value.
    pub label: Option<(&'static str, &'static str)>,
    /// How much.
    pub value: u64,
}

impl Platform {
    /// Every number of this node's, those of one name beside each other.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let (connections, idle) = self.store.connections();
        let store = |state, value: u32| Measure {
            name: "einlass_store_connections",
            help: "Connections to the database.",
            label: Some(("state", state)),
            value: value.into(),
        };
        let tokens = self.counters.outcomes().map(|(outcome, value)| Measure {
            name: "einlass_token_requests_total",
            help: "Token requests, by what became of them.",
            label: Some(("outcome", outcome)),
            value,
        });
        let others = [
            Measure {
                name: "einlass_signing_jobs",
                help: "Signatures that wait or are being made.",
                label: None,
                value: self.pool.jobs().into(),
            },
            Measure {
                name: "einlass_signing_refused_total",
                help: "Signatures that would have had to wait for too long.",
                label: None,
                value: self.pool.refused(),
            },
            store("idle", idle),
            store("used", connections.saturating_sub(idle)),
            Measure {
                name: "einlass_changes_behind",
                help: "Changes of other nodes that were not taken note of when they were last looked for.",
                label: None,
                value: self.changes_behind.load(Ordering::Relaxed),
            },
        ];
        tokens.chain(others).collect()
    }
}
