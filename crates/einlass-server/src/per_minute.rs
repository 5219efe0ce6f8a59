//! Counting by address and minute, in bounded memory.

use einlass_protocol::network::Network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many networks are counted apart in one minute; further ones are counted together.
const MOST_NETWORKS: usize = 10_000;

/// Who is counted as one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Counted {
    /// Whoever has no address, the platform itself among them.
    Nobody,
    Network(Network),
    /// Those for whom there was no room.
    Together,
}

/// How often something happened in this minute, by network.
pub(crate) struct PerMinute {
    most: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    minute: u64,
    counts: HashMap<Counted, u32>,
}

impl PerMinute {
    /// For what may happen so often in a minute.
    #[must_use]
    pub(crate) fn new(most: u32) -> Self {
        Self { most, state: Mutex::default() }
    }

    /// Counts one more, unless that is too many. `now` never goes backwards.
    pub(crate) fn admits(&self, address: Option<IpAddr>, now: Duration) -> bool {
        let mut state = self.state_at(now);
        let key = state.key(address);
        let count = state.counts.entry(key).or_default();
        let fits = *count < self.most;
        *count += u32::from(fits);
        fits
    }

    /// Whether one more would be too many.
    pub(crate) fn is_exhausted(&self, address: Option<IpAddr>, now: Duration) -> bool {
        let state = self.state_at(now);
        let key = state.key(address);
        state.counts.get(&key).is_some_and(|count| *count >= self.most)
    }

    fn state_at(&self, now: Duration) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.as_secs() / 60;
        if state.minute != minute {
            *state = State { minute, counts: HashMap::new() };
        }
        state
    }
}

impl State {
    fn key(&self, address: Option<IpAddr>) -> Counted {
        let counted = address.map_or(Counted::Nobody, |address| Counted::Network(Network::of(address)));
        let has_room = self.counts.len() < MOST_NETWORKS || self.counts.contains_key(&counted);
        if has_room { counted } else { Counted::Together }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const START: Duration = Duration::from_secs(30);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn each_network_has_its_share_of_each_minute() {
        let counts = PerMinute::new(2);
        for (address, fits) in [
            ("192.0.2.1", true),
            ("::ffff:192.0.2.1", true),
            ("192.0.2.1", false),
            ("192.0.2.2", true),
            ("2001:db8::1", true),
            ("2001:db8::2", true),
            ("2001:db8::3", false),
            ("2001:db8:0:1::3", true),
        ] {
            assert_eq!(counts.admits(Some(ip(address)), START), fits, "{address}");
        }
        assert!(counts.is_exhausted(Some(ip("192.0.2.1")), START));
        assert!(!counts.is_exhausted(Some(ip("192.0.2.2")), START) && !counts.is_exhausted(None, START));
        assert!(counts.admits(Some(ip("192.0.2.1")), START * 2));
    }

    #[test]
    fn a_flood_of_addresses_fills_no_memory_and_shares_one_count() {
        let counts = PerMinute::new(1);
        for number in 0..20_000 {
            counts.admits(Some(Ipv4Addr::from_bits(number).into()), START);
        }
        assert_eq!(counts.state_at(START).counts.len(), MOST_NETWORKS + 1);
        assert!(!counts.admits(Some(ip("203.0.113.1")), START));
    }
}
