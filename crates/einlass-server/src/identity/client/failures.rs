//! Failed authentications: whoever fails too often within a minute is turned away before anything is looked up.
//!
//! What turns away is the address, and what still opens is a secret: the one that opened from the same address before, or, of a
//! client that has none, the refresh token that it got there last.
//! So whoever shares an address with an attacker, and has an id that the attacker knows, still gets in. What remains
//! is that a client which the node has not seen at that address within a day is turned away with the attacker.

use einlass_protocol::ids::ClientId;
use einlass_protocol::network::Network;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::Clock;
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

/// How many addresses, and clients at an address, are remembered of those that fail: some 5 MB.
const MOST_FAILING: u64 = 20_000;
/// How many clients are remembered at the addresses at which they got in: some 30 MB.
const MOST_PROVED: u64 = 100_000;
const WINDOW: Duration = Duration::from_mins(1);
/// A client that keeps its tokens comes once an hour.
const PROVED_FOR: Duration = Duration::from_hours(24);

/// An address, or one client at it.
#[derive(Clone, Eq, Hash, PartialEq)]
struct Key(Network, Option<ClientId>);

/// Failures within a minute that began at some time.
#[derive(Clone, Copy)]
struct Window {
    began: Duration,
    failures: u32,
}

/// Which secret opened, and when.
#[derive(Clone)]
struct Proof {
    hash: SecretHash,
    at: Duration,
}

/// Who failed lately, and who got in.
pub struct Failures {
    most_of_address: u32,
    most_of_client: u32,
    failing: Cache<Key, Window>,
    proved: Cache<(ClientId, Network), Proof>,
    clock: Arc<dyn Clock>,
}

impl Failures {
    /// Lets an address fail so often within a minute, and one client at it a third of that: a client that is set up
    /// wrongly does not use up what its neighbours have.
    #[must_use]
    pub fn new(most: u32, clock: Arc<dyn Clock>) -> Self {
        Self {
            most_of_address: most,
            most_of_client: most.div_ceil(3),
            failing: Cache::new(MOST_FAILING),
            proved: Cache::new(MOST_PROVED),
            clock,
        }
    }

    /// How long somebody who fails too often has to wait.
    pub(super) fn too_many(&self, client: &ClientId, network: Network) -> Option<Duration> {
        let of_address = self.wait(&Key(network, None), self.most_of_address);
        of_address.max(self.wait(&Key(network, Some(client.clone())), self.most_of_client))
    }

    /// Whether a secret of this client opened from this address lately.
    pub(super) fn has_proved_something(&self, client: &ClientId, network: Network) -> bool {
        self.proof(client, network).is_some()
    }

    /// Whether this very secret did.
    pub(super) fn has_proved(&self, client: &ClientId, network: Network, hash: &SecretHash) -> bool {
        self.proof(client, network).is_some_and(|proof| proof.hash.matches(hash))
    }

    /// Remembers that a secret opened. What is known within the minute is not written again.
    pub(super) fn succeeded(&self, client: &ClientId, network: Network, hash: SecretHash) {
        let (key, at) = ((client.clone(), network), self.clock.monotonic());
        let known = self.proved.get(&key);
        let is_known =
            known.is_some_and(|known| at.saturating_sub(known.at) < WINDOW && known.hash.matches(&hash));
        if !is_known {
            self.proved.insert(key, Proof { hash, at });
        }
    }

    /// Counts a failure. A secret that opened before and does no more is nothing to go by. What a client has under way
    /// when its share is used up is counted for it alone: one that floods does not use up what its neighbours have.
    pub(super) fn failed(&self, client: &ClientId, network: Network, hash: &SecretHash) {
        if self.has_proved(client, network, hash) {
            self.proved.invalidate(&(client.clone(), network));
        }
        if self.count(Key(network, Some(client.clone()))) <= self.most_of_client {
            self.count(Key(network, None));
        }
    }

    /// How many failures there are within the minute, with this one.
    fn count(&self, key: Key) -> u32 {
        let now = self.clock.monotonic();
        let counted = self.failing.entry(key).and_upsert_with(|known| {
            let current = known.map(moka::Entry::into_value).filter(|window| !window.is_over(now));
            let window = current.unwrap_or(Window { began: now, failures: 0 });
            Window { failures: window.failures.saturating_add(1), ..window }
        });
        counted.into_value().failures
    }

    fn wait(&self, key: &Key, most: u32) -> Option<Duration> {
        let now = self.clock.monotonic();
        let window =
            self.failing.get(key).filter(|window| !window.is_over(now) && window.failures >= most)?;
        Some((window.began + WINDOW).saturating_sub(now))
    }

    fn proof(&self, client: &ClientId, network: Network) -> Option<Proof> {
        let now = self.clock.monotonic();
        let proof = self.proved.get(&(client.clone(), network));
        proof.filter(|proof| now.saturating_sub(proof.at) < PROVED_FOR)
    }
}

impl Window {
    fn is_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.began) >= WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use einlass_protocol::secret::Secret;
    use einlass_protocol::time::UnixTime;
    use std::net::{IpAddr, Ipv4Addr};

    struct Still;

    impl Clock for Still {
        fn wall(&self) -> UnixTime {
            UnixTime::from_millis(0)
        }

        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
    }

    #[test]
    fn a_client_that_fails_uses_up_its_own_share_and_many_that_do_the_addresss() {
        let failures = Failures::new(60, Arc::new(Still));
        let network = Network::of(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let hash = SecretHash::of(&Secret::new("wrong".into()));
        let (greedy, neighbour) = ("greedy".parse().unwrap(), "neighbour".parse().unwrap());
        // All of them may have been under way when the first one failed.
        for _ in 0..1_000 {
            failures.failed(&greedy, network, &hash);
        }
        assert!(failures.too_many(&greedy, network).is_some());
        assert_eq!(failures.too_many(&neighbour, network), None);
        for number in 0..40 {
            failures.failed(&format!("guessed-{number}").parse().unwrap(), network, &hash);
        }
        assert!(failures.too_many(&neighbour, network).is_some());
    }
}
