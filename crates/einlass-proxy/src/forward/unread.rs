//! An answer that its caller does not take. A body's own timer runs only while somebody polls it, and nobody
//! does when an HTTP/2 caller opens no window; so this one has a clock of its own, and lets the upstream go
//! when its time is over. Answers over HTTP/1.1 need none.

use crate::body::BoxError;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// The caller took nothing of the answer in time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the caller took nothing of the answer within {0:?}")]
struct Unread(Duration);

/// A body that is given up when it is not taken.
#[derive(Debug)]
pub(super) struct Taken<B> {
    shared: Arc<Mutex<Shared<B>>>,
    limit: Duration,
    clock: Option<AbortHandle>,
}

#[derive(Debug)]
struct Shared<B> {
    /// `None` once it was given up.
    inner: Option<B>,
    turn: Turn,
}

/// Who is waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Turn {
    /// The caller, since it took the last piece.
    Caller(Instant),
    /// The upstream, for the next piece. Another timer bounds this wait.
    Upstream,
}

impl<B: Body<Data = Bytes> + Unpin + Send + 'static> Taken<B> {
    /// Gives `inner` up when no piece of it is asked for within `limit`.
    pub(super) fn within(limit: Duration, inner: B) -> Self {
        let is_over = inner.is_end_stream();
        let shared = Shared { inner: Some(inner), turn: Turn::Caller(Instant::now()) };
        let shared = Arc::new(Mutex::new(shared));
        let clock = (!is_over).then(|| tokio::spawn(give_up(Arc::clone(&shared), limit)).abort_handle());
        Self { shared, limit, clock }
    }
}

async fn give_up<B>(shared: Arc<Mutex<Shared<B>>>, limit: Duration) {
    loop {
        let seen = lock(&shared).turn;
        let since = match seen {
            Turn::Caller(since) => since,
            Turn::Upstream => Instant::now(),
        };
        sleep_until(since + limit).await;
        let mut shared = lock(&shared);
        if seen != Turn::Upstream && shared.turn == seen {
            shared.inner = None;
            return;
        }
    }
}

fn lock<B>(shared: &Mutex<Shared<B>>) -> MutexGuard<'_, Shared<B>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin> Body for Taken<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut shared = lock(&self.shared);
        let Some(inner) = shared.inner.as_mut() else {
            return Poll::Ready(Some(Err(Box::new(Unread(self.limit)))));
        };
        let polled = Pin::new(inner).poll_frame(context);
        shared.turn = if polled.is_pending() { Turn::Upstream } else { Turn::Caller(Instant::now()) };
        Poll::Ready(ready!(polled).map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.shared).inner.as_ref().is_some_and(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.shared).inner.as_ref().map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl<B> Drop for Taken<B> {
    fn drop(&mut self) {
        if let Some(clock) = &self.clock {
            clock.abort();
        }
        // At once, and not when the clock's task is taken down: the upstream is to hear of it now.
        lock(&self.shared).inner = None;
    }
}
