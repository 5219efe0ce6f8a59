//! How long the identity provider is left alone after a failure.

use crate::fetch::FetchError;
use crate::jitter::Jitter;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(1);
const LONGEST_ASKED_FOR: Duration = Duration::from_hours(1);
const TERMINAL: Duration = Duration::from_secs(1);
const TERMINAL_SPREAD: Duration = Duration::from_secs(4);

/// The pause after the `failures`-th failure in a row (1 is the first).
pub(super) fn pause(failures: u32, error: &FetchError, jitter: &dyn Jitter) -> Duration {
    if error.is_terminal() {
        // Long enough that a looping caller does no harm, short enough that a repair is seen at once.
        return TERMINAL + jitter.up_to(TERMINAL_SPREAD);
    }
    growing(failures, error.retry_after(), jitter)
}

/// The pause after the `failures`-th failure in a row that may pass by itself. What the other side asks for counts up to an
/// hour.
pub(crate) fn growing(failures: u32, asked_for: Option<Duration>, jitter: &dyn Jitter) -> Duration {
    let half = ceiling(failures) / 2;
    let asked_for = asked_for.unwrap_or_default().min(LONGEST_ASKED_FOR);
    half.max(asked_for) + jitter.up_to(half)
}

/// 1 s, 2 s, 4 s, … 60 s. The shift is bounded before it happens.
fn ceiling(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(6);
    (FIRST * (1 << doublings)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use einlass_protocol::oauth::ErrorCode;

    fn none(_: Duration) -> Duration {
        Duration::ZERO
    }

    fn all(limit: Duration) -> Duration {
        limit
    }

    fn overloaded(retry_after: Option<Duration>) -> FetchError {
        FetchError::Status { status: http::StatusCode::SERVICE_UNAVAILABLE, retry_after }
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_never_overflow() {
        let pauses = [1, 2, 3, 6, 7, 58, 64, 10_000, u32::MAX].map(|n| pause(n, &overloaded(None), &all));
        assert_eq!(pauses.map(|pause| pause.as_secs()), [1, 2, 4, 32, 60, 60, 60, 60, 60]);
    }

    #[test]
    fn half_of_a_pause_is_certain() {
        assert_eq!(pause(7, &overloaded(None), &none), Duration::from_secs(30));
    }

    #[test]
    fn the_identity_provider_may_ask_for_up_to_an_hour() {
        let asked = |span| pause(1, &overloaded(Some(span)), &none);
        assert_eq!(asked(Duration::from_mins(2)), Duration::from_mins(2));
        assert_eq!(asked(Duration::MAX), Duration::from_hours(1));
        assert_eq!(asked(Duration::ZERO), Duration::from_millis(500));
    }

    #[test]
    fn a_terminal_failure_holds_for_one_to_five_seconds_however_often_it_happened() {
        let rejected = FetchError::Rejected { code: ErrorCode::InvalidClient, description: None };
        assert_eq!(pause(10_000, &rejected, &none), Duration::from_secs(1));
        assert_eq!(pause(10_000, &rejected, &all), Duration::from_secs(5));
    }
}
