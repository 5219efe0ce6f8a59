//! Whether an answer that began well also ended well. The line of a request is written with the head of its
//! answer; when the body then breaks off, a second line with the same id says so.

use super::counters::Counters;
use super::request_id::RequestId;
use super::words::UpstreamFailure;
use crate::body::{Body, BoxError};
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// An answer's body on its way.
pub(super) struct Delivery {
    inner: Body,
    id: RequestId,
    counters: Arc<Counters>,
    bytes: u64,
    over: bool,
}

impl Delivery {
    pub(super) fn of(inner: Body, id: RequestId, counters: Arc<Counters>) -> Self {
        Self { inner, id, counters, bytes: 0, over: false }
    }

    fn broke_off(&mut self, reason: &'static str, cause: Option<&BoxError>) {
        self.over = true;
        tracing::warn!(
            target: "einlass::gateway",
            request_id = %self.id, bytes = self.bytes, reason, cause = cause.map(tracing::field::display),
            "the answer broke off"
        );
    }
}

impl http_body::Body for Delivery {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64),
            Some(Err(error)) => {
                self.counters.failed(UpstreamFailure::BrokeOff);
                self.broke_off("UpstreamBroken", Some(error));
            }
            None => self.over = true,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if !self.over && !self.inner.is_end_stream() {
            self.broke_off("CallerGone", None);
        }
    }
}
