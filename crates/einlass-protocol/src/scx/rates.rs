//! How often one may call in a minute, as the platform documents it, and counting it.

use super::Party;
use crate::network::Network;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What limits are counted over.
pub const INTERVAL: Duration = Duration::from_mins(1);

/// How many callers are counted apart in one minute; who comes after them shares one count.
const MOST_CALLERS: usize = 50_000;

/// The class of a path and how many calls a minute it admits: order 600, event 240, offer 1500, channel 60, and 10 for
/// everything else.
#[must_use]
pub fn per_minute(path: &str) -> (&'static str, u32) {
    let mut segments = path.split('/').skip(2);
    match (segments.next(), segments.next()) {
        (_, Some("order")) => ("order", 600),
        (_, Some("event")) => ("event", 240),
        (_, Some("offer")) => ("offer", 1_500),
        (Some("channel"), _) => ("channel", 60),
        _ => ("default", 10),
    }
}

/// Who is counted.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Asker {
    /// Who has a token.
    Party(Party),
    /// Who has the refresh token of this hash, or says so, from this network.
    Token(String, Network),
    /// Whoever else is in this network.
    Network(Network),
}

/// What is left of a minute, for the headers of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    /// How many calls the minute admits.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// Whether this call was one of them.
    pub admitted: bool,
    /// When the next minute begins.
    pub resets_in: Duration,
}

/// Counts by caller, class and minute, in bounded memory.
#[derive(Debug)]
pub struct Rates<K>(Mutex<Minute<K>>);

#[derive(Debug)]
struct Minute<K> {
    number: u64,
    counts: HashMap<(Option<K>, &'static str), u32>,
}

impl<K> Default for Rates<K> {
    fn default() -> Self {
        Self(Mutex::new(Minute { number: 0, counts: HashMap::new() }))
    }
}

impl<K: Eq + Hash> Rates<K> {
    /// Counts a call of `caller` to `path`, unless the minute is used up. `now` never goes backwards.
    pub fn take(&self, caller: K, path: &str, now: Duration) -> Rate {
        let (class, limit) = per_minute(path);
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.as_secs() / INTERVAL.as_secs();
        if minute.number != number {
            *minute = Minute { number, counts: HashMap::new() };
        }
        let key = (Some(caller), class);
        let has_room = minute.counts.len() < MOST_CALLERS || minute.counts.contains_key(&key);
        let count = minute.counts.entry(if has_room { key } else { (None, class) }).or_default();
        let admitted = *count < limit;
        *count += u32::from(admitted);
        let resets_in = (INTERVAL * u32::try_from(number + 1).unwrap_or(u32::MAX)).saturating_sub(now);
        Rate { limit, remaining: limit - *count, admitted, resets_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_the_limit_that_is_documented() {
        for (path, limit) in [
            ("/v1/auth", 10),
            ("/v1/seller/channel/BIKES", 10),
            ("/v1/channel", 60),
            ("/v1/channel/seller/list", 60),
            ("/v1/channel/event", 240),
            ("/v1/seller/order/x", 600),
            ("/v1/channel/offer/listed", 1_500),
        ] {
            assert_eq!(per_minute(path).1, limit, "{path}");
        }
    }

    #[test]
    fn callers_and_classes_are_counted_apart_and_anew_each_minute() {
        let (rates, start) = (Rates::default(), Duration::from_secs(90));
        for used in 1..=10 {
            let rate = rates.take("a", "/v1/auth", start);
            assert_eq!((rate.admitted, rate.remaining, rate.limit), (true, 10 - used, 10));
        }
        let refused = rates.take("a", "/v1/auth", start);
        assert_eq!(
            (refused.admitted, refused.remaining, refused.resets_in),
            (false, 0, Duration::from_secs(30))
        );
        assert!(
            rates.take("b", "/v1/auth", start).admitted && rates.take("a", "/v1/channel", start).admitted
        );
        assert!(rates.take("a", "/v1/auth", start + refused.resets_in).admitted);
    }
}
