//! What a node does by itself: it follows what other nodes did, makes keys when their time comes, writes down what it
//! counted, and forgets what has expired. Every node does all of it; where only one may, the store decides which.

use crate::Platform;
use crate::keys::KeyError;
use einlass_store::{Change, StoreError};
use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

/// How many changes are read at once.
const AT_ONCE: u32 = 500;
/// How often keys and what has expired are looked at.
const TEND_EVERY: Duration = Duration::from_mins(1);
/// How often usage is written: what a crash loses at most.
const WRITE_USAGE_EVERY: Duration = Duration::from_secs(10);
/// How long to wait before listening again where that failed; changes are looked for meanwhile.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How long changes are kept for nodes that could not follow; who was away for longer reads everything.
const CHANGES_KEPT_FOR: Duration = Duration::from_hours(24);
/// How long usage is kept.
const USAGE_KEPT_FOR: Duration = Duration::from_hours(90 * 24);
/// What clocks may differ by.
const SLACK: Duration = Duration::from_mins(5);

impl Platform {
    /// Works until `end` comes, finishes what has begun, and writes down what was counted. What fails is logged and
    /// tried again.
    pub async fn maintain(&self, end: impl Future<Output = ()>) {
        let (working, stop) = watch::channel(());
        let stop = Stop(stop);
        let (mut follow, mut tend) = (stop.every(self.settings.follow_every), stop.every(TEND_EVERY));
        let mut write_usage = stop.every(WRITE_USAGE_EVERY);
        tokio::join!(
            async {
                end.await;
                drop(working);
            },
            self.listen(stop),
            async {
                while follow.is_due().await {
                    log("following other nodes", self.follow().await);
                    log("writing refusals down", self.write_refusals(self.clock.monotonic()).await);
                }
            },
            async {
                while tend.is_due().await {
                    log("looking after keys and what has expired", self.tend().await);
                }
            },
            async {
                while write_usage.is_due().await {
                    self.note_refused_calls();
                    log("writing usage down", self.write_usage().await);
                }
            },
        );
        log("writing usage down", self.write_usage().await);
        self.note_refused_calls();
        log("writing refusals down", self.write_refusals(Duration::MAX).await);
    }

    /// Follows at once when the store tells of a change.
    async fn listen(&self, mut stop: Stop) {
        let mut news = self.store.news();
        while let Some(word) = stop.or(news.next()).await {
            if word.is_ok() {
                log("following other nodes", self.follow().await);
                continue;
            }
            log("listening for changes", word);
            stop.or(sleep(LISTEN_AGAIN_AFTER)).await;
        }
    }

    /// Takes note of what other nodes changed since the last time. Its own changes are among them, and noted twice.
    pub async fn follow(&self) -> Result<(), StoreError> {
        let mut seen = self.followed.lock().await;
        let last = self.quiet.last_change().await?;
        self.changes_behind.store(u64::try_from(last - *seen).unwrap_or_default(), Ordering::Relaxed);
        if last < *seen {
            // The store was put back to what it was at an earlier time.
            tracing::warn!(target: "einlass::maintenance", seen = *seen, last, "the store has been restored");
            self.reread().await?;
            *seen = last;
        }
        while *seen < last {
            let changes = self.quiet.changes_after(*seen, AT_ONCE).await?;
            if changes.first().is_none_or(|first| first.seq != *seen + 1) {
                // This node was away for so long that changes were forgotten.
                self.reread().await?;
            }
            let end = changes.last().map_or(last, |change| change.seq);
            let mut noted: Vec<Change> = Vec::new();
            for change in changes.into_iter().filter_map(|recorded| recorded.change) {
                if !noted.contains(&change) {
                    self.apply(&change).await?;
                    noted.push(change);
                }
            }
            *seen = end;
        }
        self.changes_behind.store(0, Ordering::Relaxed);
        self.feed.up_to_date();
        Ok(())
    }

    /// Makes keys when their time comes, and forgets what has expired.
    pub async fn tend(&self) -> Result<(), KeyError> {
        let now = self.clock.wall();
        for (_, issuer) in self.issuers.each() {
            issuer.keys.tend(self.settings.access_token_lifetime + SLACK, now).await?;
        }
        if let Some(scx) = &self.scx {
            scx.keys.tend(scx.settings.auth_token_lifetime + SLACK, now).await?;
        }
        self.store.forget_revocations(now).await?;
        self.apply(&Change::Revocations).await?;
        self.store.forget_changes(now.minus(CHANGES_KEPT_FOR)).await?;
        self.store.forget_sessions(now).await?;
        self.store.forget_registrations(now).await?;
        self.store.forget_grants(now).await?;
        self.store.forget_usage(now.minus(USAGE_KEPT_FOR)).await?;
        Ok(self.follow().await?)
    }

    /// Trusts nothing that is in memory. Installations are remembered for half a minute at most anyway, and what is
    /// denied stays so until it expires, whether or not the store still knows of it.
    async fn reread(&self) -> Result<(), StoreError> {
        self.clients.forget_all();
        self.apply(&Change::Origins).await?;
        self.apply(&Change::SigningKeys).await?;
        self.revocations.read_from_the_start().await;
        self.apply(&Change::Revocations).await
    }
}

/// Word that it is time to stop. What has begun by then is finished.
#[derive(Clone)]
struct Stop(watch::Receiver<()>);

impl Stop {
    /// What comes, unless it is time to stop before.
    async fn or<T>(&mut self, event: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            _ = self.0.changed() => None,
            event = event => Some(event),
        }
    }

    /// Now, and regularly until it is time to stop.
    fn every(&self, period: Duration) -> Beat {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Beat { stop: self.clone(), ticks }
    }
}

struct Beat {
    stop: Stop,
    ticks: Interval,
}

impl Beat {
    /// Waits until it is time again: `false` when it is time to stop.
    async fn is_due(&mut self) -> bool {
        self.stop.or(self.ticks.tick()).await.is_some()
    }
}

fn log(what: &str, outcome: Result<(), impl fmt::Display>) {
    if let Err(fault) = outcome {
        tracing::error!(target: "einlass::maintenance", what, %fault, "failed; will be tried again");
    }
}
