//! When the next request is due.

use super::now;
use std::cell::Cell;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// A request's turn.
pub(super) struct Turn {
    /// Which request.
    pub(super) number: usize,
    /// When it should be sent.
    pub(super) due: Instant,
}

/// Hands out turns to the connections of a load.
pub(super) struct Turns {
    taken: Cell<usize>,
    plan: Plan,
}

enum Plan {
    Until(Instant),
    UpTo(usize),
    Paced { start: Instant, span: Duration, interval: Duration, count: usize, due: Arc<Semaphore> },
}

impl Turns {
    pub(super) fn until(end: Instant) -> Self {
        Self { taken: Cell::new(0), plan: Plan::Until(end) }
    }

    pub(super) fn up_to(count: usize) -> Self {
        Self { taken: Cell::new(0), plan: Plan::UpTo(count) }
    }

    pub(super) fn paced(per_second: f64, span: Duration) -> Self {
        let interval = Duration::from_secs_f64(1.0 / per_second);
        let count = (per_second * span.as_secs_f64()) as usize;
        let due = Arc::new(Semaphore::new(0));
        let start = now();
        let clock = Arc::clone(&due);
        thread::spawn(move || tick(&clock, start, interval, count));
        Self { taken: Cell::new(0), plan: Plan::Paced { start, span, interval, count, due } }
    }

    /// The next turn, once it is due; `None` when there is none any more.
    pub(super) async fn next(&self) -> Option<Turn> {
        match &self.plan {
            Plan::Until(end) => {
                let due = now();
                (due < *end).then(|| Turn { number: self.take(), due })
            }
            Plan::UpTo(count) => {
                (self.taken.get() < *count).then(|| Turn { number: self.take(), due: now() })
            }
            Plan::Paced { start, interval, count, due, .. } => {
                due.acquire().await.ok()?.forget();
                if self.taken.get() == *count {
                    due.close();
                    return None;
                }
                let number = self.take();
                Some(Turn { number, due: *start + interval.mul_f64(number as f64) })
            }
        }
    }

    /// When to stop waiting for an answer.
    pub(super) fn give_up(&self, patience: Duration) -> tokio::time::Instant {
        let end = match &self.plan {
            Plan::Until(end) => *end + 10 * patience,
            Plan::UpTo(_) => now() + 10 * patience,
            Plan::Paced { start, span, .. } => *start + *span + patience,
        };
        end.into()
    }

    /// How many there were to be, or were.
    pub(super) fn offered(&self) -> usize {
        match self.plan {
            Plan::Paced { count, .. } => count,
            Plan::Until(_) | Plan::UpTo(_) => self.taken.get(),
        }
    }

    /// How long it was to take, if that was said.
    pub(super) fn span(&self) -> Option<Duration> {
        match self.plan {
            Plan::Paced { span, .. } => Some(span),
            Plan::Until(_) | Plan::UpTo(_) => None,
        }
    }

    fn take(&self) -> usize {
        self.taken.replace(self.taken.get() + 1)
    }
}

/// Says when turns are due, from a thread of its own: the system's sleep is finer than the runtime's timer, which
/// counts milliseconds.
fn tick(due: &Semaphore, start: Instant, interval: Duration, count: usize) {
    let mut said = 0;
    while said < count {
        let passed = (start.elapsed().as_secs_f64() / interval.as_secs_f64()) as usize + 1;
        let now_due = passed.min(count) - said;
        due.add_permits(now_due);
        said += now_due;
        thread::sleep((start + interval.mul_f64(said as f64)).saturating_duration_since(now()));
    }
    // One more, which says that there are no more.
    due.add_permits(1);
}
