//! Remembers answers for a while, within a bound of space, and forgets at once what it is told to.

use moka::sync::Cache;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Answers by question. Times are those of a monotonic clock.
pub(super) struct Memory<K, V> {
    entries: Cache<K, Entry<V>>,
    /// Counts what was forgotten. Entries are written and removed under this lock, so that an answer that
    /// was asked for before its question was forgotten cannot come back after.
    epoch: Mutex<u64>,
}

#[derive(Clone)]
struct Entry<V> {
    answer: V,
    until: Duration,
}

impl<K, V> Memory<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(super) fn new(capacity: u64) -> Self {
        Self { entries: Cache::new(capacity), epoch: Mutex::new(0) }
    }

    /// The answer that is remembered, or the one that `ask` brings, which then counts for `span` from now.
    /// An error is not remembered.
    pub(super) async fn recall<E>(
        &self,
        key: K,
        now: Duration,
        span: Duration,
        ask: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        if let Some(entry) = self.entries.get(&key).filter(|entry| now < entry.until) {
            return Ok(entry.answer);
        }
        let since = *self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = ask.await?;
        self.remember(since, key, Entry { answer: answer.clone(), until: now.saturating_add(span) });
        Ok(answer)
    }

    fn remember(&self, since: u64, key: K, entry: Entry<V>) {
        let epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if *epoch == since {
            self.entries.insert(key, entry);
        }
    }

    pub(super) fn forget(&self, key: &K) {
        let mut epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        *epoch += 1;
        self.entries.invalidate(key);
    }

    pub(super) fn forget_all(&self) {
        let mut epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        *epoch += 1;
        self.entries.invalidate_all();
    }
}
