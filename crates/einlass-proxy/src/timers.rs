//! Timers of one length that serve many waits. To set one and take it back costs more than all else that is done about a
//! wait, and nearly every wait ends long before its time; so a timer stays set when its wait is over, and is set anew only
//! when it fires.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// How many are kept for later. One that is kept may hold what is left of the task that it was set for until it fires.
const MOST_SPARE: usize = 1_024;

type Timer = Pin<Box<Sleep>>;

/// Timers for waits of at most this length. They belong to one runtime. Clones share them.
#[derive(Clone)]
pub(crate) struct Timers(Arc<Shared>);

struct Shared {
    length: Duration,
    spare: Mutex<Vec<Timer>>,
}

impl Timers {
    pub(crate) fn of(length: Duration) -> Self {
        Self(Arc::new(Shared { length, spare: Mutex::default() }))
    }

    /// A timer for one wait. None is set before somebody waits.
    pub(crate) fn lend(&self) -> Lent {
        Lent { timers: self.clone(), timer: None }
    }
}

impl Shared {
    fn spare(&self) -> MutexGuard<'_, Vec<Timer>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timers").field(&self.0.length).finish()
    }
}

/// A timer for one wait.
pub(crate) struct Lent {
    timers: Timers,
    timer: Option<Timer>,
}

impl Lent {
    /// Ready when the length of these timers has passed since then.
    pub(crate) fn poll_since(&mut self, since: Instant, context: &mut Context<'_>) -> Poll<()> {
        self.poll_until(since + self.timers.0.length, context)
    }

    /// Ready at this moment. It may be another one at each call.
    pub(crate) fn poll_until(&mut self, due: Instant, context: &mut Context<'_>) -> Poll<()> {
        let Self { timers, timer } = self;
        let spare = || timers.0.spare().pop().unwrap_or_else(|| Box::pin(sleep_until(due)));
        let timer = timer.get_or_insert_with(spare);
        if timer.deadline() > due {
            timer.as_mut().reset(due);
        }
        while timer.as_mut().poll(context).is_ready() {
            if due <= Instant::now() {
                return Poll::Ready(());
            }
            timer.as_mut().reset(due);
        }
        Poll::Pending
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(timer) = self.timer.take() else { return };
        let mut spare = self.timers.0.spare();
        if spare.len() < MOST_SPARE {
            spare.push(timer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::time::timeout;

    const LENGTH: Duration = Duration::from_secs(10);

    fn spare(timers: &Timers) -> usize {
        timers.0.spare().len()
    }

    /// How long a wait that begins now takes, if it is borne with for `patience`.
    async fn waited(timers: &Timers, patience: Duration) -> Option<Duration> {
        let (began, mut timer) = (Instant::now(), timers.lend());
        let wait = poll_fn(|context| timer.poll_since(began, context));
        timeout(patience, wait).await.ok().map(|()| began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_timer_that_was_set_for_another_wait_is_neither_early_nor_late() {
        let timers = Timers::of(LENGTH);
        for patience in [1, 9, 4, 3] {
            assert_eq!(waited(&timers, Duration::from_secs(patience)).await, None);
            assert_eq!(spare(&timers), 1, "there was one wait at a time");
        }
        // Whether the timer has fired meanwhile or not.
        for pause in [0, 5, 100] {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            let waited = waited(&timers, Duration::MAX).await.unwrap();
            assert!((LENGTH..LENGTH + Duration::from_millis(5)).contains(&waited), "{waited:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_may_end_before_its_timer_was_to_fire() {
        let mut timer = Timers::of(LENGTH).lend();
        let began = Instant::now();
        let _ = timeout(Duration::from_secs(1), poll_fn(|context| timer.poll_since(began, context))).await;
        poll_fn(|context| timer.poll_until(began + Duration::from_secs(2), context)).await;
        assert!(began.elapsed() < Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_nobody_waited_for_needs_no_timer() {
        let timers = Timers::of(LENGTH);
        drop(timers.lend());
        assert_eq!(spare(&timers), 0);
    }
}
