//! Randomness that spreads clients over time. It comes in as a parameter, so that tests decide it.

use crate::random::{OsRandom, Random};
use std::time::Duration;

/// Draws a span of time.
pub trait Jitter: Send + Sync + 'static {
    /// A span between zero and `limit`, every one of them as likely as any other.
    fn up_to(&self, limit: Duration) -> Duration;
}

impl<F: Fn(Duration) -> Duration + Send + Sync + 'static> Jitter for F {
    fn up_to(&self, limit: Duration) -> Duration {
        self(limit)
    }
}

/// Jitter from the operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsJitter;

impl Jitter for OsJitter {
    fn up_to(&self, limit: Duration) -> Duration {
        let mut bytes = [0; 8];
        // Without randomness nothing is spread; that is better than no token.
        if OsRandom.fill(&mut bytes).is_err() {
            return Duration::ZERO;
        }
        share_of(limit, u64::from_ne_bytes(bytes))
    }
}

/// `limit` × `draw` / 2⁶⁴.
fn share_of(limit: Duration, draw: u64) -> Duration {
    let nanos = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    let share = (u128::from(nanos) * u128::from(draw)) >> 64;
    Duration::from_nanos(u64::try_from(share).unwrap_or(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_covers_the_whole_span_and_nothing_more() {
        let minute = Duration::from_mins(1);
        assert_eq!(share_of(minute, 0), Duration::ZERO);
        assert_eq!(share_of(minute, 1 << 63), Duration::from_secs(30));
        assert!(share_of(minute, u64::MAX) < minute);
        assert!(share_of(Duration::MAX, u64::MAX) < Duration::MAX);
    }

    #[test]
    fn two_draws_differ() {
        let day = Duration::from_hours(24);
        assert_ne!(OsJitter.up_to(day), OsJitter.up_to(day));
    }
}
