//! What the cache knows beside its keys: the fetch that is under way and when the next one is allowed.

use crate::clock::{Deadline, Moment};
use crate::fetch::FetchError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// Ends when the fetch does, well or badly.
pub(super) type Landing = watch::Receiver<()>;

/// Guarded by one lock that is never held across an await.
#[derive(Default)]
pub(super) struct State {
    flight: Option<(Landing, AbortHandle)>,
    /// Set before a fetch starts, so that failures and empty sets count as well.
    cooling_until: Option<Deadline>,
    last_error: Option<Arc<FetchError>>,
    tag: Option<String>,
    /// Counts the sets that were put in place. A fetch that began under another number comes too late.
    sequence: u64,
}

impl State {
    pub(super) fn flight(&self) -> Option<Landing> {
        let (landing, task) = self.flight.as_ref()?;
        (!task.is_finished()).then(|| landing.clone())
    }

    pub(super) fn took_off(&mut self, landing: Landing, task: AbortHandle) {
        self.flight = Some((landing, task));
    }

    /// Stops the fetch that is under way.
    pub(super) fn ground(&mut self) {
        if let Some((_, task)) = self.flight.take() {
            task.abort();
        }
    }

    /// Claims the one fetch that a cool-down allows.
    pub(super) fn claim(&mut self, now: Moment, cool_down: Duration) -> bool {
        if self.cooling_until.is_some_and(|until| !until.passed(now)) {
            return false;
        }
        self.cooling_until = Some(now.plus(cool_down));
        true
    }

    pub(super) fn cooling_for(&self, now: Moment) -> Duration {
        self.cooling_until.map_or(Duration::ZERO, |until| until.remaining(now))
    }

    pub(super) fn installed(&mut self, tag: Option<String>) {
        self.sequence += 1;
        self.tag = tag;
        self.last_error = None;
    }

    pub(super) fn failed(&mut self, error: FetchError) {
        self.last_error = Some(Arc::new(error));
    }

    pub(super) fn landed(&mut self) {
        self.flight = None;
    }

    pub(super) fn last_error(&self) -> Option<Arc<FetchError>> {
        self.last_error.clone()
    }

    pub(super) fn tag(&self) -> Option<String> {
        self.tag.clone()
    }

    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }
}
