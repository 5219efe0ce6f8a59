//! The key set cache: the keys to check tokens with, without a flood of forged tokens becoming a flood of
//! fetches, and without an outage of the identity provider becoming one of everybody else.
//!
//! - Reading is a load and a comparison. A refresh replaces the whole set at once.
//! - A key that is not in the set allows one fetch in a cool-down, claimed before the fetch and used up by
//!   failures as well.
//! - A set is refreshed in the background by its `max-age`, within a minute and an hour. While that fails the
//!   old set serves, for a day at most; then there are no keys, which is a 503 and never a 401.
//! - A set without a usable key never replaces one that has some, nor a late answer a newer set.

mod core;
mod fetch;
mod remote;
mod state;

pub use self::fetch::{Fetched, KeySetFetch};
pub use self::remote::{HttpKeySet, NoKeySetThere};

use self::core::Core;
use self::state::Landing;
use crate::clock::{Clock, SystemClock};
use crate::fetch::FetchError;
use einlass_protocol::jose::KeySet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often the background refresh looks at the clocks. A machine that slept is noticed this soon.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How patient the cache is.
#[derive(Clone, Copy, Debug)]
pub struct KeySetSettings {
    /// At most one fetch in this span.
    pub cool_down: Duration,
    /// How long a set serves when it cannot be refreshed.
    pub stale_if_error: Duration,
}

impl Default for KeySetSettings {
    /// 30 seconds and 24 hours.
    fn default() -> Self {
        Self { cool_down: Duration::from_secs(30), stale_if_error: Duration::from_hours(24) }
    }
}

/// There are no keys to check a token with, so nothing can be said about the token: a 503, not a 401.
#[derive(Clone, Debug, thiserror::Error)]
#[error("no keys to check tokens with{}", .last_error.as_ref().map(|e| format!(": {e}")).unwrap_or_default())]
pub struct KeysUnavailable {
    /// How long until the key set is fetched again.
    pub retry_in: Duration,
    /// What happened when it was fetched last.
    pub last_error: Option<Arc<FetchError>>,
}

/// A handle to the cache of one key set. Clones share the cache; the last one stops its background refresh.
#[derive(Clone)]
pub struct KeySetCache(Arc<Owner>);

struct Owner {
    core: Arc<Core>,
    background: JoinHandle<()>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.background.abort();
        self.core.state().ground();
    }
}

impl KeySetCache {
    /// Starts a cache over the system's clock, and its first fetch. The background refresh runs on the tokio
    /// runtime that this is called in.
    ///
    /// ```
    /// # use einlass_client::keyset::{KeySetCache, KeysUnavailable};
    /// # use einlass_client::protocol::jose::KeySet;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), KeysUnavailable> {
    /// # let jwks = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    /// let keys = KeySetCache::start(|| async { Ok(KeySet::parse(jwks).expect("a key set of ours")) });
    /// assert_eq!(keys.after_miss(None).await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn start(fetcher: impl KeySetFetch) -> Self {
        Self::with(fetcher, Arc::new(SystemClock::new()), KeySetSettings::default())
    }

    /// Starts a cache with a clock and settings of the caller's.
    #[must_use]
    pub fn with(fetcher: impl KeySetFetch, clock: Arc<dyn Clock>, settings: KeySetSettings) -> Self {
        let core = Arc::new(Core::new(fetcher, clock, settings));
        let background = tokio::spawn(keep_fresh(Arc::clone(&core)));
        Self(Arc::new(Owner { core, background }))
    }

    /// The keys, unless there are none yet or they could not be refreshed for too long.
    #[must_use]
    pub fn current(&self) -> Option<Arc<KeySet>> {
        self.0.core.current()
    }

    /// The keys to try after a token named one that is not in `seen`, or when there were none to see.
    ///
    /// If the cache has another set than `seen`, that is it. Else the set is fetched, at most once in a
    /// cool-down, together with everybody else who asks; within the cool-down the answer is what is there.
    pub async fn after_miss(&self, seen: Option<&Arc<KeySet>>) -> Result<Arc<KeySet>, KeysUnavailable> {
        let current = self.current();
        if let Some(newer) = current.filter(|current| !seen.is_some_and(|seen| Arc::ptr_eq(seen, current))) {
            return Ok(newer);
        }
        if let Some(landing) = self.0.core.fetch() {
            landed(landing).await;
        }
        self.current().ok_or_else(|| self.0.core.unavailable())
    }

    /// Puts a set in place that the identity provider hands over in the same process. In effect when this
    /// returns. A set without a usable key changes nothing.
    pub fn push(&self, keys: KeySet) {
        self.0.core.push(keys);
    }
}

impl fmt::Debug for KeySetCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySetCache").field("current", &self.current()).finish_non_exhaustive()
    }
}

/// Refreshes what is stale, for as long as it is not aborted.
async fn keep_fresh(core: Arc<Core>) {
    loop {
        if core.is_stale()
            && let Some(landing) = core.fetch()
        {
            landed(landing).await;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Waits for the end of a fetch, which is when its task drops the sender.
async fn landed(mut landing: Landing) {
    let _ = landing.changed().await;
}
