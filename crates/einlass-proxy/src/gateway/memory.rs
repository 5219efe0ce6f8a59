//! Remembers answers for a while, within a bound of space, and forgets at once what it is told to. Who asks what is
//! being asked already waits for that answer.

use moka::sync::Cache;
use std::collections::HashMap;
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Answers by question. Times are those of a monotonic clock.
pub(super) struct Memory<K, V, E> {
    entries: Cache<K, Entry<V>>,
    /// Entries are written and removed under this lock, so that an answer that was asked for before its question
    /// was forgotten cannot come back after.
    state: Mutex<State<K, V, E>>,
}

#[derive(Clone)]
struct Entry<V> {
    answer: V,
    until: Duration,
}

struct State<K, V, E> {
    /// Counts what was forgotten.
    epoch: u64,
    asked: HashMap<K, Asked<V, E>>,
}

/// A question that is under way.
struct Asked<V, E> {
    since: u64,
    answer: Answer<V, E>,
}

/// `None` until it is there. Closed without one when whoever asked has gone away.
type Answer<V, E> = watch::Receiver<Option<Result<V, E>>>;

impl<K, V, E> Memory<K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Clone,
{
    pub(super) fn new(capacity: u64) -> Self {
        let state = State { epoch: 0, asked: HashMap::new() };
        Self { entries: Cache::new(capacity), state: Mutex::new(state) }
    }

    /// The answer that is remembered, or the one that `ask` brings, which then counts for `span` from now.
    /// An error is told to everybody who waits and not remembered.
    pub(super) async fn recall(
        &self,
        key: K,
        now: Duration,
        span: Duration,
        ask: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        if let Some(entry) = self.entries.get(&key).filter(|entry| now < entry.until) {
            return Ok(entry.answer);
        }
        let mut ask = pin!(ask);
        loop {
            let mut waiting = match self.begin(&key) {
                Turn::Ask(asking) => {
                    let answer = ask.as_mut().await;
                    asking.answered(&answer, now.saturating_add(span));
                    return answer;
                }
                Turn::Wait(waiting) => waiting,
            };
            if let Ok(answer) = waiting.wait_for(Option::is_some).await
                && let Some(answer) = &*answer
            {
                return answer.clone();
            }
        }
    }

    /// Whose turn it is to ask. A question that was asked before something was forgotten is not good enough.
    fn begin(&self, key: &K) -> Turn<'_, K, V, E> {
        let mut state = self.state();
        let since = state.epoch;
        if let Some(asked) = state.asked.get(key).filter(|asked| asked.since == since) {
            return Turn::Wait(asked.answer.clone());
        }
        let (tell, answer) = watch::channel(None);
        state.asked.insert(key.clone(), Asked { since, answer });
        Turn::Ask(Asking { memory: self, key: key.clone(), since, tell })
    }

    pub(super) fn forget(&self, key: &K) {
        let mut state = self.state();
        state.epoch += 1;
        self.entries.invalidate(key);
    }

    /// Forgets every question that has such an answer.
    pub(super) fn forget_where(&self, is_meant: impl Fn(&V) -> bool) {
        let mut state = self.state();
        state.epoch += 1;
        for (key, entry) in &self.entries {
            if is_meant(&entry.answer) {
                self.entries.invalidate(&*key);
            }
        }
    }

    /// Whether there is an answer, be it too old to count.
    pub(super) fn has_known(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn forget_all(&self) {
        let mut state = self.state();
        state.epoch += 1;
        self.entries.invalidate_all();
    }
}

impl<K, V, E> Memory<K, V, E> {
    fn state(&self) -> MutexGuard<'_, State<K, V, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Turn<'m, K: Eq + Hash, V, E> {
    Ask(Asking<'m, K, V, E>),
    Wait(Answer<V, E>),
}

/// Held by who asks, until the answer is there or they go away.
struct Asking<'m, K: Eq + Hash, V, E> {
    memory: &'m Memory<K, V, E>,
    key: K,
    since: u64,
    tell: watch::Sender<Option<Result<V, E>>>,
}

impl<K, V, E> Asking<'_, K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Clone,
{
    fn answered(self, answer: &Result<V, E>, until: Duration) {
        let state = self.memory.state();
        if let Ok(answer) = answer
            && state.epoch == self.since
        {
            self.memory.entries.insert(self.key.clone(), Entry { answer: answer.clone(), until });
        }
        drop(state);
        self.tell.send_replace(Some(answer.clone()));
    }
}

impl<K: Eq + Hash, V, E> Drop for Asking<'_, K, V, E> {
    fn drop(&mut self) {
        let mut state = self.memory.state();
        // Somebody may have asked again meanwhile.
        if state.asked.get(&self.key).is_some_and(|asked| asked.since == self.since) {
            state.asked.remove(&self.key);
        }
    }
}
