//! Bodies that tests can watch.

use bytes::Bytes;
use einlass_proxy::body::{Body, BoxError, boxed};
use http_body::Frame;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

/// The size of a piece of a [`Counted`] body.
pub(crate) const PIECE: usize = 16 * 1024;

/// A body of equal pieces that counts those that were taken, and notices when it is dropped.
pub(crate) struct Counted {
    left: usize,
    watch: Watch,
}

/// What became of a [`Counted`] body.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    taken: Arc<AtomicUsize>,
    dropped: Arc<AtomicBool>,
}

impl Watch {
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    pub(crate) fn dropped(&self) -> bool {
        self.dropped.load(Ordering::SeqCst)
    }
}

impl Counted {
    pub(crate) fn body(pieces: usize) -> (Body, Watch) {
        let watch = Watch::default();
        (boxed(Self { left: pieces, watch: watch.clone() }), watch)
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.watch.taken.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[7; PIECE])))))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.watch.dropped.store(true, Ordering::SeqCst);
    }
}
