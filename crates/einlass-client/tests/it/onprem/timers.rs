//! Timers of the tests.

use einlass_client::clock::Timer;
use einlass_client::fetch::BoxFuture;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::watch;

/// Waits for nothing, and knows what it should have waited for.
#[derive(Default)]
pub(super) struct Eager(Mutex<Vec<Duration>>);

impl Eager {
    pub(super) fn seconds(&self) -> Vec<u64> {
        self.0.lock().unwrap().iter().map(Duration::as_secs).collect()
    }
}

impl Timer for Eager {
    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        self.0.lock().unwrap().push(span);
        Box::pin(tokio::task::yield_now())
    }
}

/// Moved by hand.
pub(super) struct Moved {
    now: watch::Sender<Duration>,
    sleeps: watch::Sender<usize>,
}

impl Moved {
    pub(super) fn new() -> Self {
        Self { now: watch::Sender::new(Duration::ZERO), sleeps: watch::Sender::new(0) }
    }

    pub(super) fn pass(&self, span: Duration) {
        self.now.send_modify(|now| *now += span);
    }

    /// Waits until somebody sleeps for the `number`-th time.
    pub(super) async fn asleep(&self, number: usize) {
        self.sleeps.subscribe().wait_for(|sleeps| *sleeps >= number).await.unwrap();
    }
}

impl Timer for Moved {
    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        let until = *self.now.borrow() + span;
        let mut now = self.now.subscribe();
        self.sleeps.send_modify(|sleeps| *sleeps += 1);
        Box::pin(async move {
            now.wait_for(|now| *now >= until).await.unwrap();
        })
    }
}
