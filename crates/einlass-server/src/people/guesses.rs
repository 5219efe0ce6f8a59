//! Wrong passwords: whoever sends too many waits. What is counted is the address, the account at an address, and the
//! account from everywhere; but where somebody has signed in to the account lately, only that address is counted. So a
//! flood of guesses against an account slows whoever comes from an address that it never signed in from, and not its
//! person at the usual place.

use einlass_protocol::network::Network;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::time::Clock;
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

const OF_ADDRESS: Limit = Limit { most: 60, within: Duration::from_mins(1) };
const OF_BOTH: Limit = Limit { most: 10, within: Duration::from_mins(1) };
const OF_ACCOUNT: Limit = Limit { most: 100, within: Duration::from_hours(1) };
/// How many of each are remembered.
const MOST: u64 = 20_000;
/// How long an address counts as a usual one.
const USUAL_FOR: Duration = Duration::from_hours(30 * 24);

struct Limit {
    most: u32,
    within: Duration,
}

#[derive(Clone, Eq, Hash, PartialEq)]
enum Key {
    Address(Network),
    Both(Network, EmailAddress),
    Account(EmailAddress),
}

impl Key {
    const fn limit(&self) -> Limit {
        match self {
            Self::Address(_) => OF_ADDRESS,
            Self::Both(..) => OF_BOTH,
            Self::Account(_) => OF_ACCOUNT,
        }
    }
}

#[derive(Clone, Copy)]
struct Window {
    began: Duration,
    wrong: u32,
}

/// Who guessed how often, and who signed in where.
pub(super) struct Guesses {
    wrong: Cache<Key, Window>,
    usual: Cache<(Network, EmailAddress), Duration>,
    clock: Arc<dyn Clock>,
}

impl Guesses {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { wrong: Cache::new(MOST), usual: Cache::new(MOST), clock }
    }

    /// How long somebody has to wait before the next password is looked at.
    pub(super) fn wait(&self, email: &EmailAddress, network: Network) -> Option<Duration> {
        let both = self.wait_for(&Key::Both(network, email.clone()));
        if self.is_usual(email, network) {
            return both;
        }
        let account = self.wait_for(&Key::Account(email.clone()));
        both.max(account).max(self.wait_for(&Key::Address(network)))
    }

    pub(super) fn wrong(&self, email: &EmailAddress, network: Network) {
        let keys = [Key::Both(network, email.clone()), Key::Account(email.clone()), Key::Address(network)];
        let now = self.clock.monotonic();
        for key in keys {
            let within = key.limit().within;
            self.wrong.entry(key).and_upsert_with(|known| {
                let current = known.map(moka::Entry::into_value);
                let current = current.filter(|window| now.saturating_sub(window.began) < within);
                let window = current.unwrap_or(Window { began: now, wrong: 0 });
                Window { wrong: window.wrong.saturating_add(1), ..window }
            });
        }
    }

    /// Somebody signed in.
    pub(super) fn right(&self, email: &EmailAddress, network: Network) {
        self.wrong.invalidate(&Key::Both(network, email.clone()));
        self.usual.insert((network, email.clone()), self.clock.monotonic());
    }

    fn is_usual(&self, email: &EmailAddress, network: Network) -> bool {
        let since = self.usual.get(&(network, email.clone()));
        since.is_some_and(|since| self.clock.monotonic().saturating_sub(since) < USUAL_FOR)
    }

    fn wait_for(&self, key: &Key) -> Option<Duration> {
        let (Limit { most, within }, now) = (key.limit(), self.clock.monotonic());
        let window = self.wrong.get(key).filter(|window| window.wrong >= most)?;
        (window.began + within).checked_sub(now).filter(|wait| !wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use einlass_protocol::time::UnixTime;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    struct Seconds(AtomicU64);

    impl Clock for Seconds {
        fn wall(&self) -> UnixTime {
            UnixTime::from_millis(0)
        }

        fn monotonic(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::Relaxed))
        }
    }

    fn network(last: u8) -> Network {
        Network::of([192, 0, 2, last].into())
    }

    #[test]
    fn who_guesses_waits_for_the_rest_of_the_minute() {
        let clock = Arc::new(Seconds::default());
        let guesses = Guesses::new(clock.clone());
        let (anna, bert) = ("anna@a.example".parse().unwrap(), "bert@b.example".parse().unwrap());
        for _ in 0..10 {
            assert_eq!(guesses.wait(&anna, network(1)), None);
            guesses.wrong(&anna, network(1));
        }
        assert_eq!(guesses.wait(&anna, network(1)), Some(Duration::from_mins(1)));
        assert_eq!((guesses.wait(&bert, network(1)), guesses.wait(&anna, network(2))), (None, None));
        clock.0.store(60, Ordering::Relaxed);
        assert_eq!(guesses.wait(&anna, network(1)), None);
        for number in 0..60 {
            guesses.wrong(&format!("guess-{number}@a.example").parse().unwrap(), network(1));
        }
        assert!(guesses.wait(&bert, network(1)).is_some(), "an address has its share too");
    }

    #[test]
    fn a_flood_from_everywhere_does_not_lock_the_person_out_at_its_usual_place() {
        let guesses = Guesses::new(Arc::new(Seconds::default()));
        let anna = "anna@a.example".parse().unwrap();
        guesses.right(&anna, network(200));
        for last in 0..100 {
            guesses.wrong(&anna, network(last));
        }
        assert!(guesses.wait(&anna, network(201)).is_some(), "strangers wait");
        assert_eq!(guesses.wait(&anna, network(200)), None);
    }
}
