//! Two clocks, because each fails in its own way: the wall clock is set back and forth, the monotonic one
//! stands still while the machine sleeps. Whatever ends at some time ends when *either* says so.

pub use einlass_protocol::time::Clock;

use crate::fetch::BoxFuture;
use einlass_protocol::time::UnixTime;
use std::time::{Duration, Instant, SystemTime};

/// The machine's own clocks.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn wall(&self) -> UnixTime {
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        UnixTime::from_millis(0).plus(since_epoch)
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Lets time pass.
pub trait Timer: Send + Sync + 'static {
    /// Waits for this long.
    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()>;
}

/// The runtime's own timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTimer;

impl Timer for SystemTimer {
    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(span))
    }
}

/// One reading of both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    wall: UnixTime,
    monotonic: Duration,
}

impl Moment {
    pub(crate) fn now(clock: &dyn Clock) -> Self {
        Self { wall: clock.wall(), monotonic: clock.monotonic() }
    }

    /// The end of a span that begins here.
    pub(crate) fn plus(self, span: Duration) -> Deadline {
        Deadline(Self { wall: self.wall.plus(span), monotonic: self.monotonic.saturating_add(span) })
    }
}

/// A point in time that has come as soon as one of the two clocks has reached it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Moment);

impl Deadline {
    pub(crate) fn passed(self, now: Moment) -> bool {
        now.monotonic >= self.0.monotonic || now.wall >= self.0.wall
    }

    /// How long until it has come, if both clocks run on.
    pub(crate) fn remaining(self, now: Moment) -> Duration {
        self.0.wall.since(now.wall).min(self.0.monotonic.saturating_sub(now.monotonic))
    }

    /// What the wall clock will show.
    pub(crate) fn wall(self) -> UnixTime {
        self.0.wall
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall: i64, monotonic: u64) -> Moment {
        Moment { wall: UnixTime::from_seconds(wall), monotonic: Duration::from_secs(monotonic) }
    }

    #[test]
    fn a_deadline_passes_with_the_clock_that_is_ahead() {
        let deadline = moment(1_000, 0).plus(Duration::from_mins(1));
        assert!(!deadline.passed(moment(1_059, 59)));
        assert!(deadline.passed(moment(1_060, 0)), "asleep: the monotonic clock stood still");
        assert!(deadline.passed(moment(0, 60)), "set back: the wall clock says it is early");
        assert_eq!(deadline.remaining(moment(1_050, 20)), Duration::from_secs(10));
    }

    #[test]
    fn a_span_beyond_all_time_is_no_overflow() {
        assert!(!moment(1, 1).plus(Duration::MAX).passed(moment(2, 2)));
    }
}
