//! A body that comes when the test says so, or never.

use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::oneshot::{Receiver, Sender, channel};

struct Late {
    body: Option<Receiver<Bytes>>,
    asked: Option<Sender<()>>,
}

/// A body, and what sends it. Until then it is waited for.
pub(crate) fn late_body() -> (Body, Sender<Bytes>) {
    let (body, send, _) = late_body_asked_for();
    (body, send)
}

/// The same, and word that somebody waits for it.
pub(crate) fn late_body_asked_for() -> (Body, Sender<Bytes>, Receiver<()>) {
    let ((send, body), (asked, waits)) = (channel(), channel());
    (Body::new(Late { body: Some(body), asked: Some(asked) }), send, waits)
}

impl http_body::Body for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(asked) = self.asked.take() {
            _ = asked.send(());
        }
        let Some(receiver) = &mut self.body else { return Poll::Ready(None) };
        let bytes = ready!(Pin::new(receiver).poll(context)).unwrap();
        self.body = None;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }
}
