//! A body that gives up when its next piece does not come.

use crate::body::BoxError;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// The next piece of a body did not come in time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no piece of the body within {0:?}")]
pub(super) struct Stalled(pub(super) Duration);

/// A timer that runs while somebody waits for a piece.
#[derive(Debug)]
pub(super) struct Idle {
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Idle {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, timer: None }
    }

    /// Passes on what the poll of a body brought; an error once the wait for it has taken too long.
    pub(super) fn bound<T, E: Into<BoxError>>(
        &mut self,
        polled: Poll<Option<Result<T, E>>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, BoxError>>> {
        if let Poll::Ready(piece) = polled {
            self.timer = None;
            return Poll::Ready(piece.map(|result| result.map_err(Into::into)));
        }
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Some(Err(Box::new(Stalled(self.limit)))))
    }
}

/// A body with such a timer.
#[derive(Debug)]
pub(super) struct IdleBody<B> {
    inner: B,
    idle: Idle,
}

impl<B> IdleBody<B> {
    pub(super) fn new(inner: B, limit: Duration) -> Self {
        Self { inner, idle: Idle::new(limit) }
    }
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin> Body for IdleBody<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_frame(context);
        this.idle.bound(polled, context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
