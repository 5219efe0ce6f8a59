//! How many connections each address has, so that nobody takes those of all others.

use einlass_protocol::network::Network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Who has how many connections, over all workers of a listener. It is touched when connections come and go, and never
/// by requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowd(Arc<Mutex<HashMap<Network, u32>>>);

/// One connection of an address. Dropping it makes room for another one.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Crowd,
    of: Network,
}

impl Crowd {
    /// A place for one more connection, unless this address has `most` already.
    pub(super) fn enter(&self, address: IpAddr, most: u32) -> Option<Place> {
        let of = Network::of(address);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(of).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { crowd: self.clone(), of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let crowd = Crowd::default();
        let enter = |address: &str| crowd.enter(address.parse().unwrap(), 2);
        for [one, same, other] in [
            ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"],
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"],
        ] {
            let (first, second) = (enter(one).unwrap(), enter(same).unwrap());
            assert!(enter(one).is_none());
            assert!(enter(other).is_some());
            drop(first);
            let third = enter(same).unwrap();
            assert!(enter(one).is_none());
            drop((second, third));
        }
        assert!(crowd.0.lock().unwrap().is_empty(), "nobody is remembered who has left");
    }
}
