//! How a node and its platform are, at a glance: for an operator's page and for the administration API. What is to be watched
//! all the time is in [`crate::metrics`].

use crate::Platform;
use einlass_protocol::time::UnixTime;
use einlass_store::{StoreError, Totals, UsageDay, UsageOf};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How it is now.
pub(crate) struct Status {
    pub(crate) node: NodeStatus,
    /// How many there are of everything.
    pub(crate) totals: Totals,
    /// What was used since midnight at Greenwich.
    pub(crate) today: UsageDay,
}

/// The node that answers.
pub(crate) struct NodeStatus {
    pub(crate) version: &'static str,
    pub(crate) started_at: UnixTime,
    /// `sqlite` or `postgresql`.
    pub(crate) engine: &'static str,
    /// How long the database took to say that it is there.
    pub(crate) answered_in: Duration,
    /// Connections to it that are used, of how many there may be.
    pub(crate) connections: (u32, u32),
    /// Signatures that wait or are being made, and those that would have had to wait for too long.
    pub(crate) signing: (u32, u64),
    /// Changes of other nodes that are not taken note of yet.
    pub(crate) changes_behind: u64,
    /// Entries of the deny list.
    pub(crate) denied: usize,
    /// How many token requests ended which way since it started; those that none did are left out.
    pub(crate) token_requests: Vec<(&'static str, u64)>,
}

impl Platform {
    /// How this node and the platform are.
    ///
    /// # Errors
    /// When the store does not answer: then that is how it is.
    pub(crate) async fn status(&self) -> Result<Status, StoreError> {
        let (now, asked) = (self.clock.wall(), self.clock.monotonic());
        self.quiet.ping().await?;
        let answered_in = self.clock.monotonic().saturating_sub(asked);
        let days = self.store.usage_days(UsageOf::Everybody, now).await?;
        let nothing = UsageDay { day: now.day(), tokens: 0, calls: 0, errors: 0 };
        let (connections, idle) = self.store.connections();
        let node = NodeStatus {
            version: env!("CARGO_PKG_VERSION"),
            started_at: self.started_at,
            engine: self.store.engine(),
            answered_in,
            connections: (connections.saturating_sub(idle), self.store.most_connections()),
            signing: (self.pool.jobs(), self.pool.refused()),
            changes_behind: self.changes_behind.load(Ordering::Relaxed),
            denied: self.revocations.list().len(),
            token_requests: self.counters.outcomes().filter(|(_, count)| *count > 0).collect(),
        };
        let today = days.into_iter().find(|day| day.day == now.day()).unwrap_or(nothing);
        Ok(Status { node, totals: self.store.totals(now).await?, today })
    }
}
