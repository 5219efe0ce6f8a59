//! What the cache's handles, its fetches and its background refresh have in common.

use super::fetch::{Fetched, KeySetFetch};
use super::state::{Landing, State};
use super::{KeySetSettings, KeysUnavailable};
use crate::clock::{Clock, Deadline, Moment};
use crate::fetch::FetchError;
use arc_swap::ArcSwapOption;
use einlass_protocol::jose::KeySet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

const FRESH_AT_LEAST: Duration = Duration::from_mins(1);
const FRESH_AT_MOST: Duration = Duration::from_hours(1);
/// Where an answer does not say.
const FRESH_UNSAID: Duration = Duration::from_mins(5);

pub(super) struct Core {
    current: ArcSwapOption<Snapshot>,
    state: Mutex<State>,
    fetcher: Arc<dyn KeySetFetch>,
    clock: Arc<dyn Clock>,
    settings: KeySetSettings,
}

struct Snapshot {
    keys: Arc<KeySet>,
    refresh_from: Deadline,
    serve_until: Deadline,
}

impl Core {
    pub(super) fn new(fetcher: impl KeySetFetch, clock: Arc<dyn Clock>, settings: KeySetSettings) -> Self {
        let (current, state) = (ArcSwapOption::empty(), Mutex::default());
        Self { current, state, fetcher: Arc::new(fetcher), clock, settings }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn current(&self) -> Option<Arc<KeySet>> {
        let current = self.current.load();
        let snapshot = current.as_ref().filter(|snapshot| !snapshot.serve_until.passed(self.now()))?;
        Some(Arc::clone(&snapshot.keys))
    }

    pub(super) fn is_stale(&self) -> bool {
        self.current.load().as_ref().is_none_or(|snapshot| snapshot.refresh_from.passed(self.now()))
    }

    /// The fetch to wait for: the one under way, or a new one if the cool-down allows it.
    pub(super) fn fetch(self: &Arc<Self>) -> Option<Landing> {
        let mut state = self.state();
        if let Some(landing) = state.flight() {
            return Some(landing);
        }
        // Claimed first: a fetch that fails or brings nothing uses up the cool-down like any other.
        state.claim(self.now(), self.settings.cool_down).then(|| self.take_off(&mut state))
    }

    pub(super) fn unavailable(&self) -> KeysUnavailable {
        let state = self.state();
        KeysUnavailable { retry_in: state.cooling_for(self.now()), last_error: state.last_error() }
    }

    pub(super) fn push(&self, keys: KeySet) {
        self.install(&mut self.state(), Fetched { keys: Some(keys), tag: None, max_age: None });
    }

    fn now(&self) -> Moment {
        Moment::now(&*self.clock)
    }

    /// Starts the fetch as a task of its own: no caller that goes away takes it along.
    fn take_off(self: &Arc<Self>, state: &mut State) -> Landing {
        let (landed, landing) = watch::channel(());
        let (core, sequence, tag) = (Arc::clone(self), state.sequence(), state.tag());
        let task = tokio::spawn(async move {
            let fetched = core.fetcher.fetch(tag.as_deref()).await;
            core.land(sequence, fetched);
            drop(landed);
        });
        state.took_off(landing.clone(), task.abort_handle());
        landing
    }

    fn land(&self, sequence: u64, fetched: Result<Fetched, FetchError>) {
        let mut state = self.state();
        state.landed();
        match fetched {
            Err(error) => keep(&mut state, error),
            // A set was pushed while this one was on its way: the pushed one is the newer.
            Ok(_) if sequence != state.sequence() => {}
            Ok(fetched) => self.install(&mut state, fetched),
        }
    }

    fn install(&self, state: &mut State, fetched: Fetched) {
        let Some(keys) = fetched.keys.map(Arc::new).or_else(|| self.held()) else {
            return keep(state, FetchError::Unreadable("`not modified`, and there is nothing yet"));
        };
        if keys.is_empty() {
            return keep(state, FetchError::Unreadable("the key set has no key for us"));
        }
        let now = self.now();
        let fresh_for = fetched.max_age.unwrap_or(FRESH_UNSAID).clamp(FRESH_AT_LEAST, FRESH_AT_MOST);
        let serve_until = now.plus(fresh_for.max(self.settings.stale_if_error));
        let snapshot = Snapshot { keys, refresh_from: now.plus(fresh_for), serve_until };
        self.current.store(Some(Arc::new(snapshot)));
        state.installed(fetched.tag);
    }

    /// The set in place, however old.
    fn held(&self) -> Option<Arc<KeySet>> {
        self.current.load().as_ref().map(|snapshot| Arc::clone(&snapshot.keys))
    }
}

/// What is there stays: a bad answer never takes good keys away.
fn keep(state: &mut State, error: FetchError) {
    tracing::warn!(%error, "key set not refreshed");
    state.failed(error);
}
