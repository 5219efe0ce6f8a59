//! One connection: HTTP/1.1 or HTTP/2, whichever the caller begins with.

use super::Settings;
use super::guarded::Guarded;
use super::worker::Service;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// One of the connections that a worker may have. A connection that becomes a tunnel keeps it: it goes along in the
/// request's extensions.
#[derive(Clone)]
struct Seat(#[expect(dead_code, reason = "held, not read")] Arc<OwnedSemaphorePermit>);

/// Serves connections, all in the same way.
pub(super) struct Connections<S> {
    server: Builder<TokioExecutor>,
    settings: Settings,
    stop: watch::Receiver<()>,
    service: S,
}

impl<S: Service> Connections<S> {
    pub(super) fn new(settings: Settings, stop: watch::Receiver<()>, service: S) -> Self {
        let mut server = Builder::new(TokioExecutor::new());
        server
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(settings.header_read)
            .max_buf_size(settings.max_head as usize);
        server
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(settings.max_head)
            .max_concurrent_streams(settings.max_streams);
        Self { server, settings, stop, service }
    }

    /// Serves a connection as a task, which gives `permit` back when it ends.
    pub(super) fn spawn(&self, stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit) {
        // Without it answers wait for acknowledgements; a socket that refuses is as good as gone.
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(Guarded::new(stream, self.settings.idle));
        let service = self.service.clone();
        let seat = Seat(Arc::new(permit));
        let taken = seat.clone();
        let begun = Arc::new(AtomicBool::new(false));
        let first = Arc::clone(&begun);
        let answer = service_fn(move |mut request: Request<Incoming>| {
            first.store(true, Ordering::Relaxed);
            if request.extensions().get::<OnUpgrade>().is_some() {
                request.extensions_mut().insert(taken.clone());
            }
            let answer = service.clone().call(request, peer);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let connection = self.server.serve_connection_with_upgrades(io, answer).into_owned();
        let mut stop = self.stop.clone();
        let patience = self.settings.header_read;
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = silence(&begun, patience) => return,
                _ = stop.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(target: "einlass::listen", %error, %peer, "connection broke");
            }
            drop(seat);
        });
    }
}

/// Ends when a caller has connected and not asked for anything in time, whichever version it meant to speak:
/// who says nothing holds a place that others need.
async fn silence(begun: &AtomicBool, patience: Duration) {
    tokio::time::sleep(patience).await;
    if begun.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}
