//! A clock that moves when it is told to.

use einlass_client::clock::Clock;
use einlass_protocol::time::UnixTime;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[derive(Default)]
pub(crate) struct StillClock(AtomicU64);

impl StillClock {
    pub(crate) const START: i64 = 1_700_000_000;

    pub(crate) fn advance(&self, span: Duration) {
        self.0.fetch_add(u64::try_from(span.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn wall(&self) -> UnixTime {
        UnixTime::from_seconds(Self::START).plus(self.monotonic())
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}
