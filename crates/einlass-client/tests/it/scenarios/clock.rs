//! Clocks that the test moves.

use einlass_client::clock::Clock;
use einlass_client::protocol::time::UnixTime;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

pub(crate) struct TestClock {
    wall: AtomicI64,
    monotonic: AtomicU64,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self { wall: AtomicI64::new(1_800_000_000_000), monotonic: AtomicU64::new(0) }
    }

    /// Both clocks go on.
    pub(crate) fn pass(&self, span: Duration) {
        self.sleep(span);
        self.monotonic.fetch_add(millis(span), Ordering::SeqCst);
    }

    /// The machine sleeps: the monotonic clock stands still.
    pub(crate) fn sleep(&self, span: Duration) {
        self.wall.fetch_add(millis(span).cast_signed(), Ordering::SeqCst);
    }

    /// Somebody sets the wall clock.
    pub(crate) fn move_wall(&self, seconds: i64) {
        self.wall.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn wall(&self) -> UnixTime {
        UnixTime::from_millis(self.wall.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.monotonic.load(Ordering::SeqCst))
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap()
}
