//! What a node does by itself: it follows what other nodes did, makes keys when their time comes, and forgets what has
//! expired. Every node does all of it; where only one may, the store decides which.

use crate::Platform;
use crate::keys::KeyError;
use einlass_store::{Change, StoreError};
use std::fmt;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How many changes are read at once.
const AT_ONCE: u32 = 500;
/// How often keys and what has expired are looked at.
const TEND_EVERY: Duration = Duration::from_mins(1);
/// How long changes are kept for nodes that could not follow; who was away for longer reads everything.
const CHANGES_KEPT_FOR: Duration = Duration::from_hours(24);
/// What clocks may differ by.
const SLACK: Duration = Duration::from_mins(5);

impl Platform {
    /// Works until `end` comes, and writes down then what still waits. What fails is logged and tried again.
    pub async fn maintain(&self, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        let mut ticks = interval(self.settings.follow_every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut tended: Option<Instant> = None;
        loop {
            tokio::select! {
                () = &mut end => return log(self.write_refusals(Duration::MAX).await),
                now = ticks.tick() => {
                    log(self.follow().await);
                    log(self.write_refusals(self.clock.monotonic()).await);
                    if tended.is_none_or(|last| now.duration_since(last) >= TEND_EVERY) {
                        tended = Some(now);
                        log(self.tend().await);
                    }
                }
            }
        }
    }

    /// Takes note of what other nodes changed since the last time. Its own changes are among them, and noted twice.
    pub async fn follow(&self) -> Result<(), StoreError> {
        let mut seen = self.followed.lock().await;
        loop {
            let changes = self.store.changes_after(*seen, AT_ONCE).await?;
            let Some(last) = changes.last().map(|change| change.seq) else {
                return Ok(());
            };
            if changes[0].seq != *seen + 1 {
                // This node was away for so long that changes were forgotten.
                self.reread().await?;
            }
            let mut noted: Vec<Change> = Vec::new();
            for change in changes.into_iter().filter_map(|recorded| recorded.change) {
                if !noted.contains(&change) {
                    self.apply(&change).await?;
                    noted.push(change);
                }
            }
            *seen = last;
        }
    }

    /// Makes keys when their time comes, and forgets what has expired.
    pub async fn tend(&self) -> Result<(), KeyError> {
        let now = self.clock.wall();
        self.keys.tend(self.settings.access_token_lifetime + SLACK, now).await?;
        self.store.forget_revocations(now).await?;
        self.apply(&Change::Revocations).await?;
        self.store.forget_changes(now.minus(CHANGES_KEPT_FOR)).await?;
        Ok(self.follow().await?)
    }

    /// Trusts nothing that is in memory. Installations are remembered for half a minute at most anyway.
    async fn reread(&self) -> Result<(), StoreError> {
        self.clients.forget_all();
        self.apply(&Change::SigningKeys).await?;
        self.apply(&Change::Revocations).await
    }
}

fn log(outcome: Result<(), impl fmt::Display>) {
    if let Err(fault) = outcome {
        tracing::error!(target: "einlass::maintenance", %fault, "will be tried again");
    }
}
