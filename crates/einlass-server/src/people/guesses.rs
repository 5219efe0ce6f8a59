//! Wrong passwords: whoever sends too many waits. What is counted is the address, the account at an address, and the
//! account from everywhere; but where somebody has signed in to the account lately, only that address is counted. So a
//! flood of guesses against an account slows whoever comes from an address that it never signed in from, and not its
//! person at the usual place.

use einlass_protocol::network::Network;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::time::Clock;
use moka::ops::compute::Op;
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

const OF_ADDRESS: Limit = Limit { most: 60, within: Duration::from_mins(1) };
const OF_BOTH: Limit = Limit { most: 20, within: Duration::from_mins(1) };
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
    tried: u32,
}

/// Who guessed how often, and who signed in where.
pub(super) struct Guesses {
    tried: Cache<Key, Window>,
    usual: Cache<(Network, EmailAddress), Duration>,
    clock: Arc<dyn Clock>,
}

impl Guesses {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { tried: Cache::new(MOST), usual: Cache::new(MOST), clock }
    }

    /// Counts an attempt, or says how long to wait for the next one. Of an account at an address right passwords count too:
    /// looking at one costs as much as looking at a wrong one.
    pub(super) fn begin(&self, email: &EmailAddress, network: Network) -> Result<(), Duration> {
        let (is_usual, keys) = (self.is_usual(email, network), keys(email, network));
        for (at, key) in keys.iter().enumerate() {
            let is_strict = !is_usual || matches!(key, Key::Both(..));
            if let Some(wait) = self.count(key.clone()).filter(|_| is_strict) {
                // What comes after it is not looked at, so that who is turned away leaves no traces of names made up.
                for counted in &keys[..=at] {
                    self.take_back(counted.clone());
                }
                return Err(wait);
            }
        }
        Ok(())
    }

    /// An attempt that came to nothing, or was right: it was no guess.
    pub(super) fn undo(&self, email: &EmailAddress, network: Network) {
        for key in keys(email, network) {
            self.take_back(key);
        }
    }

    /// A right password: no guess, and still work.
    pub(super) fn right(&self, email: &EmailAddress, network: Network) {
        let [address, account, _] = keys(email, network);
        self.take_back(account);
        self.take_back(address);
    }

    /// Somebody has signed in, with all that was asked for.
    pub(super) fn signed_in(&self, email: &EmailAddress, network: Network) {
        self.usual.insert((network, email.clone()), self.clock.monotonic());
    }

    /// How long it takes until there is room for this one, if there is none.
    fn count(&self, key: Key) -> Option<Duration> {
        let (Limit { most, within }, now) = (key.limit(), self.clock.monotonic());
        let counted = self.tried.entry(key).and_upsert_with(|known| {
            let current = known.map(moka::Entry::into_value);
            let current = current.filter(|window| now.saturating_sub(window.began) < within);
            let window = current.unwrap_or(Window { began: now, tried: 0 });
            Window { tried: window.tried.saturating_add(1), ..window }
        });
        let window = counted.into_value();
        (window.tried > most).then(|| (window.began + within).saturating_sub(now))
    }

    fn take_back(&self, key: Key) {
        self.tried.entry(key).and_compute_with(|known| match known.map(moka::Entry::into_value) {
            Some(window) => Op::Put(Window { tried: window.tried.saturating_sub(1), ..window }),
            None => Op::Nop,
        });
    }

    fn is_usual(&self, email: &EmailAddress, network: Network) -> bool {
        let since = self.usual.get(&(network, email.clone()));
        since.is_some_and(|since| self.clock.monotonic().saturating_sub(since) < USUAL_FOR)
    }
}

fn keys(email: &EmailAddress, network: Network) -> [Key; 3] {
    [Key::Address(network), Key::Account(email.clone()), Key::Both(network, email.clone())]
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
        for _ in 0..20 {
            assert_eq!(guesses.begin(&anna, network(1)), Ok(()));
        }
        assert_eq!(guesses.begin(&anna, network(1)), Err(Duration::from_mins(1)));
        assert_eq!((guesses.begin(&bert, network(1)), guesses.begin(&anna, network(2))), (Ok(()), Ok(())));
        clock.0.store(60, Ordering::Relaxed);
        for number in 0..60 {
            assert_eq!(
                guesses.begin(&format!("guess-{number}@a.example").parse().unwrap(), network(1)),
                Ok(())
            );
        }
        assert!(guesses.begin(&bert, network(1)).is_err(), "an address has its share too");
    }

    #[test]
    fn what_came_to_nothing_is_no_guess_and_who_is_right_again_and_again_waits_too() {
        let guesses = Guesses::new(Arc::new(Seconds::default()));
        let anna = "anna@a.example".parse().unwrap();
        for _ in 0..200 {
            assert_eq!(guesses.begin(&anna, network(1)), Ok(()));
            guesses.undo(&anna, network(1));
        }
        for _ in 0..20 {
            assert_eq!(guesses.begin(&anna, network(1)), Ok(()));
            guesses.right(&anna, network(1));
        }
        assert!(guesses.begin(&anna, network(1)).is_err());
        assert_eq!(guesses.begin(&anna, network(2)), Ok(()));
    }

    #[test]
    fn a_flood_from_everywhere_does_not_lock_the_person_out_at_its_usual_place() {
        let guesses = Guesses::new(Arc::new(Seconds::default()));
        let anna = "anna@a.example".parse().unwrap();
        guesses.signed_in(&anna, network(200));
        for last in 0..100 {
            assert_eq!(guesses.begin(&anna, network(last)), Ok(()));
        }
        assert!(guesses.begin(&anna, network(201)).is_err(), "strangers wait");
        assert_eq!(guesses.begin(&anna, network(200)), Ok(()));
    }
}
