//! The timer by which hyper bounds the wait for the head of a request. It asks for one at each request.

use crate::timers::{Lent, Timers};
use hyper::rt::{Sleep, Timer};
use hyper_util::rt::TokioTimer;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Lends timers that were set before.
pub(super) struct HeadTimer(Timers);

impl HeadTimer {
    /// For waits of this length.
    pub(super) fn new(length: Duration) -> Self {
        Self(Timers::of(length))
    }
}

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Until { due: deadline.into(), timer: self.0.lend() })
    }

    fn now(&self) -> Instant {
        TokioTimer::new().now()
    }
}

struct Until {
    due: tokio::time::Instant,
    timer: Lent,
}

impl Sleep for Until {}

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.timer.poll_until(this.due, context)
    }
}
