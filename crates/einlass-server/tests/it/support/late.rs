//! A body that comes when the test says so, or never.

use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::oneshot::{Receiver, Sender, channel};

struct Late(Option<Receiver<Bytes>>);

/// A body, and what sends it. Until then it is waited for.
pub(crate) fn late_body() -> (Body, Sender<Bytes>) {
    let (send, body) = channel();
    (Body::new(Late(Some(body))), send)
}

impl http_body::Body for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(receiver) = &mut self.0 else { return Poll::Ready(None) };
        let bytes = ready!(Pin::new(receiver).poll(context)).unwrap();
        self.0 = None;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }
}
