//! Admin tokens that do not work: whoever sends too many of them is turned away before the store is asked.
//!
//! What opened before still opens, so that nobody is shut out by a neighbour who guesses. What remains is that a token
//! which this node has not seen yet is turned away with the neighbour.

use crate::audit::Actor;
use crate::per_minute::PerMinute;
use einlass_protocol::secret::SecretHash;
use moka::sync::Cache;
use std::time::Duration;

/// How many tokens that do not work a network may send in a minute.
const MOST_FAILURES: u32 = 10;
/// How many tokens that work are remembered: more than there are operators.
const MOST_OPENED: u64 = 1_000;

/// Which tokens opened the API, and who sent others.
pub(crate) struct Attempts {
    failures: PerMinute,
    /// By the hash in hexadecimal. Letting in never rests on it: it only leads to the look-up.
    opened: Cache<String, ()>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { failures: PerMinute::new(MOST_FAILURES), opened: Cache::new(MOST_OPENED) }
    }
}

impl Attempts {
    /// Whether this one is one too many. `now` never goes backwards.
    pub(super) fn are_too_many(&self, actor: &Actor, hash: &SecretHash, now: Duration) -> bool {
        self.failures.is_exhausted(actor.address, now) && !self.opened.contains_key(&hash.to_hex())
    }

    pub(super) fn succeeded(&self, hash: &SecretHash) {
        self.opened.insert(hash.to_hex(), ());
    }

    /// Counts a token that does not work. If it did before, that is over.
    pub(super) fn failed(&self, actor: &Actor, hash: &SecretHash, now: Duration) {
        self.opened.invalidate(&hash.to_hex());
        self.failures.admits(actor.address, now);
    }
}
