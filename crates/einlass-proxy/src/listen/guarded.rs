//! A socket that gives up when nothing moves: callers that send nothing, and callers that take nothing.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a caller may take nothing of what waits for it, whatever it sends meanwhile. It does not grow with what an
/// upstream may take to answer: while nothing is there to be taken, nothing waits.
pub(super) const UNTAKEN: Duration = Duration::from_secs(90);

/// A stream that fails with `TimedOut` when no byte has moved in either direction for a while, or when nothing of what
/// is to be sent was taken within [`UNTAKEN`].
pub(super) struct Guarded<T> {
    inner: T,
    limit: Duration,
    moved: Instant,
    /// Since when the caller has taken nothing of what waits for it.
    stuck: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

impl<T> Guarded<T> {
    pub(super) fn new(inner: T, limit: Duration) -> Self {
        Self { inner, limit, moved: Instant::now(), stuck: None, timer: Box::pin(sleep(limit)) }
    }

    /// Passes on what an operation brought; an error if it is stuck and nothing else has moved.
    fn bound<V>(&mut self, polled: Poll<io::Result<V>>, context: &mut Context<'_>) -> Poll<io::Result<V>> {
        if polled.is_ready() {
            self.moved = Instant::now();
            return polled;
        }
        // The timer is set anew only when it fires: a byte that moves costs no more than a look at the clock.
        while self.timer.as_mut().poll(context).is_ready() {
            let due = self.due();
            if due <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.timer.as_mut().reset(due);
        }
        Poll::Pending
    }

    fn due(&self) -> Instant {
        let silent = self.moved + self.limit;
        self.stuck.map_or(silent, |since| silent.min(since + UNTAKEN))
    }

    fn written<V>(&mut self, polled: Poll<io::Result<V>>, context: &mut Context<'_>) -> Poll<io::Result<V>> {
        if polled.is_ready() {
            self.stuck = None;
        } else if self.stuck.is_none() {
            self.stuck = Some(Instant::now());
            let due = self.due().min(self.timer.deadline());
            self.timer.as_mut().reset(due);
        }
        self.bound(polled, context)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Guarded<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_read(context, buffer);
        this.bound(polled, context)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Guarded<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_write(context, bytes);
        this.written(polled, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_write_vectored(context, pieces);
        this.written(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    /// A caller who sends a byte a second and takes nothing, and how long it is borne with.
    async fn trickle(limit: Duration) -> Duration {
        let (ours, mut caller) = duplex(16);
        let (mut reading, mut writing) = tokio::io::split(Guarded::new(ours, limit));
        let began = Instant::now();
        tokio::spawn(async move {
            loop {
                sleep(Duration::from_secs(1)).await;
                if caller.write_all(b"x").await.is_err() {
                    return;
                }
            }
        });
        // One task does both, as a connection's does.
        let read = async { while reading.read_u8().await.is_ok() {} };
        let ((), written) = tokio::join!(read, writing.write_all(&[0; 64]));
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_on_and_takes_nothing_is_let_go() {
        for limit in [90, 600] {
            let borne = trickle(Duration::from_secs(limit)).await;
            assert!((UNTAKEN..UNTAKEN + Duration::from_secs(2)).contains(&borne), "{limit}: {borne:?}");
        }
    }
}
