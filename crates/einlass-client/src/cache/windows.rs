//! From a token's lifetime to the points in it where the cache changes its mind.

use crate::jitter::Jitter;
use std::time::Duration;

const DUE_BEFORE_END: Duration = Duration::from_mins(5);
const USABLE_BEFORE_END: Duration = Duration::from_secs(30);
/// No lifetime beyond this is believed: a mistake at the identity provider heals within a day.
const LONGEST: Duration = Duration::from_hours(24);

/// Spans from the moment before the token request was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Windows {
    /// From here on the token is served and another is fetched behind it.
    pub(super) due: Duration,
    /// From here on callers wait for another.
    pub(super) unusable: Duration,
    /// From here on the token is worth nothing.
    pub(super) expired: Duration,
}

impl Windows {
    pub(super) fn of(lifetime: Duration, jitter: &dyn Jitter) -> Self {
        let lifetime = lifetime.min(LONGEST);
        // Up to half of a short life; five minutes of every other.
        let window = DUE_BEFORE_END.min(lifetime / 2);
        // Drawn once for each token and only ever earlier, so that clients started together drift apart.
        let early = jitter.up_to(window / 5).min(window / 5);
        let margin = USABLE_BEFORE_END.min(lifetime / 10);
        Self {
            due: lifetime.saturating_sub(window + early),
            unusable: lifetime.saturating_sub(margin),
            expired: lifetime,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: Duration) -> Duration {
        Duration::ZERO
    }

    fn all(limit: Duration) -> Duration {
        limit
    }

    fn seconds(windows: Windows) -> [u64; 3] {
        [windows.due, windows.unusable, windows.expired].map(|span| span.as_secs())
    }

    #[test]
    fn an_hour_is_due_five_minutes_before_its_end_or_up_to_one_earlier() {
        assert_eq!(seconds(Windows::of(Duration::from_hours(1), &none)), [3_300, 3_570, 3_600]);
        assert_eq!(seconds(Windows::of(Duration::from_hours(1), &all)), [3_240, 3_570, 3_600]);
    }

    #[test]
    fn a_short_life_is_due_at_half_of_it() {
        assert_eq!(seconds(Windows::of(Duration::from_secs(100), &none)), [50, 90, 100]);
        assert_eq!(seconds(Windows::of(Duration::from_secs(100), &all)), [40, 90, 100]);
    }

    #[test]
    fn no_life_is_longer_than_a_day_and_none_has_no_windows() {
        assert_eq!(seconds(Windows::of(Duration::MAX, &none))[2], 86_400);
        assert_eq!(seconds(Windows::of(Duration::ZERO, &all)), [0, 0, 0]);
    }

    #[test]
    fn jitter_that_asks_for_more_than_its_share_does_not_get_it() {
        let greedy = |_: Duration| Duration::from_hours(9);
        assert_eq!(Windows::of(Duration::from_hours(1), &greedy), Windows::of(Duration::from_hours(1), &all));
    }
}
