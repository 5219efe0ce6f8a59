//! Limit: how often one client may ask from one address, counted before anything is looked up or hashed.
//!
//! The address is part of the key so that nobody can use up another's share by asking in its name.

use crate::identity::OAuthError;
use einlass_protocol::ids::ClientId;
use einlass_protocol::time::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

/// How many callers are remembered before those are forgotten whose share is whole again.
const MOST_REMEMBERED: usize = 10_000;
/// How many requests may come at once, in seconds' worth of the rate.
const BURST_SECONDS: u32 = 4;

type Key = (ClientId, IpAddr);

/// The time as the limiter reads it.
#[derive(Clone)]
struct Monotonic(Arc<dyn Clock>);

impl governor::clock::Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

/// The limits of the endpoints at which clients authenticate, counted together.
pub struct TokenLimits {
    limiter: RateLimiter<Key, HashMapStateStore<Key>, Monotonic, NoOpMiddleware<Duration>>,
    clock: Arc<dyn Clock>,
}

impl TokenLimits {
    /// Admits so many requests a second, and four times as many at once.
    #[must_use]
    pub fn new(per_second: u32, clock: Arc<dyn Clock>) -> Self {
        let per_second = NonZero::new(per_second).unwrap_or(NonZero::<u32>::MIN);
        let burst = per_second.saturating_mul(NonZero::new(BURST_SECONDS).unwrap_or(NonZero::<u32>::MIN));
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let state = HashMapStateStore::new(std::collections::HashMap::new());
        Self { limiter: RateLimiter::new(quota, state, Monotonic(Arc::clone(&clock))), clock }
    }

    /// Counts a request, or says when to come again.
    pub(super) fn admit(&self, client: &ClientId, address: IpAddr) -> Result<(), OAuthError> {
        if self.limiter.len() > MOST_REMEMBERED {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&(client.clone(), address)).map_err(|refused| OAuthError::TooManyRequests {
            client: client.clone(),
            retry_after: refused.wait_time_from(self.clock.monotonic()),
        })
    }
}
