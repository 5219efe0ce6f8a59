//! The body of a request on its way to the upstream, and how far it has come: an upload may take longer
//! than the upstream may take to answer, as long as it moves.

use super::idle::Idle;
use crate::body::{Body, BoxError};
use crate::timers::Lent;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

/// A request's body with a bound on each wait for the caller.
#[derive(Debug)]
pub(super) struct Upload {
    inner: Body,
    idle: Idle,
    progress: Progress,
}

/// The caller's body failed, and not the upstream.
#[derive(Debug, thiserror::Error)]
#[error("the caller's body cannot be read")]
pub(super) struct Unreadable(#[source] BoxError);

/// Who is waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Turn {
    /// The caller, for the next piece of the body. The body itself bounds this wait.
    Caller,
    /// The upstream, since it took the last piece.
    Upstream(Instant),
}

/// Tells how far an upload has come.
#[derive(Clone, Debug)]
pub(super) struct Progress(Arc<Mutex<Turn>>);

impl Upload {
    /// What makes an upload of a body, and its progress. The upstream's turn begins now.
    pub(super) fn watched(limit: Duration, now: Instant) -> (impl FnOnce(Body) -> Self, Progress) {
        let progress = Progress(Arc::new(Mutex::new(Turn::Upstream(now))));
        let shared = progress.clone();
        (move |inner| Self { inner, idle: Idle::new(limit), progress: shared }, progress)
    }
}

impl Progress {
    fn set(&self, turn: Turn) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }

    fn get(&self) -> Turn {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ready when it has been the upstream's turn for the length of this timer without a break.
    pub(super) fn poll_stalled(&self, patience: &mut Lent, context: &mut Context<'_>) -> Poll<()> {
        let since = match self.get() {
            Turn::Upstream(since) => since,
            Turn::Caller => Instant::now(),
        };
        patience.poll_since(since, context)
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_frame(context);
        this.progress.set(if polled.is_pending() { Turn::Caller } else { Turn::Upstream(Instant::now()) });
        let polled = polled.map(|piece| piece.map(|read| read.map_err(Unreadable)));
        this.idle.bound(polled, context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
