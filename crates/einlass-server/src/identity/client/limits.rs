//! Limit: how often one address may ask in all, and one client from one address, counted before anything is looked up
//! or hashed.
//!
//! The address is part of the client's key so that nobody can use up another's share by asking in its name.

use crate::PlatformSettings;
use crate::identity::OAuthError;
use einlass_protocol::ids::ClientId;
use einlass_protocol::network::Network;
use einlass_protocol::time::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

/// How many callers are remembered before those are forgotten whose share is whole again.
const MOST_REMEMBERED: usize = 10_000;
/// How many requests may come at once, in seconds' worth of the rate.
const BURST_SECONDS: u32 = 4;

/// The time as the limiter reads it.
#[derive(Clone)]
struct Monotonic(Arc<dyn Clock>);

impl governor::clock::Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

/// A share for each `K`.
struct Shares<K: Clone + Eq + Hash> {
    limiter: RateLimiter<K, HashMapStateStore<K>, Monotonic, NoOpMiddleware<Duration>>,
    clock: Arc<dyn Clock>,
}

impl<K: Clone + Eq + Hash> Shares<K> {
    fn of(per_second: u32, clock: Arc<dyn Clock>) -> Self {
        let per_second = NonZero::new(per_second).unwrap_or(NonZero::<u32>::MIN);
        let burst = per_second.saturating_mul(NonZero::new(BURST_SECONDS).unwrap_or(NonZero::<u32>::MIN));
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let state = HashMapStateStore::new(std::collections::HashMap::new());
        Self { limiter: RateLimiter::new(quota, state, Monotonic(Arc::clone(&clock))), clock }
    }

    /// Counts a request, or says how long to wait.
    fn take(&self, key: &K) -> Result<(), Duration> {
        if self.limiter.len() > MOST_REMEMBERED {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|refused| refused.wait_time_from(self.clock.monotonic()))
    }
}

/// The limits of the endpoints at which clients authenticate, counted together.
pub struct TokenLimits {
    by_address: Shares<Network>,
    by_client: Shares<(ClientId, Network)>,
}

impl TokenLimits {
    /// Admits as many requests a second as the settings say, and four times as many at once.
    #[must_use]
    pub fn new(settings: &PlatformSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            by_address: Shares::of(settings.requests_per_second_per_address, Arc::clone(&clock)),
            by_client: Shares::of(settings.token_requests_per_second, clock),
        }
    }

    /// Counts a request from an address, before it is read.
    pub(super) fn admit_from(&self, network: Network) -> Result<(), OAuthError> {
        self.by_address.take(&network).map_err(|retry_after| OAuthError::AddressTooBusy { retry_after })
    }

    /// Counts a request from an address at an endpoint of another kind, or says how long to wait.
    pub(crate) fn admit_address(&self, address: IpAddr) -> Result<(), Duration> {
        self.by_address.take(&Network::of(address))
    }

    /// Counts a request in the name of a client.
    pub(super) fn admit(&self, client: &ClientId, network: Network) -> Result<(), OAuthError> {
        let share = self.by_client.take(&(client.clone(), network));
        share.map_err(|retry_after| OAuthError::TooManyRequests { client: client.clone(), retry_after })
    }
}
