//! One connection: plain or TLS, HTTP/1.1 or HTTP/2, whichever the caller begins with.

use super::Settings;
use super::counters::Counters;
use super::crowd::{Crowd, Place};
use super::guarded::Guarded;
use super::head_timer::HeadTimer;
use super::tls::Tls;
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
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio_rustls::server::TlsStream;

/// One of the connections that a worker may have. A connection that becomes a tunnel keeps it: it goes along in the
/// request's extensions.
#[derive(Clone)]
struct Seat(#[expect(dead_code, reason = "held, not read")] Arc<Held>);

/// What a connection gives back when it ends.
struct Held {
    _permit: OwnedSemaphorePermit,
    /// A trusted proxy has no place among the others: everybody comes through it.
    _place: Option<Place>,
    counters: Arc<Counters>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.counters.closed.up();
    }
}

/// Serves connections, all in the same way.
pub(super) struct Connections<S> {
    server: Builder<TokioExecutor>,
    settings: Arc<Settings>,
    crowd: Crowd,
    stop: watch::Receiver<()>,
    service: S,
}

impl<S: Service> Connections<S> {
    pub(super) fn new(settings: Arc<Settings>, crowd: Crowd, stop: watch::Receiver<()>, service: S) -> Self {
        let mut server = Builder::new(TokioExecutor::new());
        server
            .http1()
            .timer(HeadTimer::new(settings.header_read))
            .header_read_timeout(settings.header_read)
            .max_buf_size(settings.max_head as usize);
        server
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(settings.max_head)
            .max_concurrent_streams(settings.max_streams);
        Self { server, settings, crowd, stop, service }
    }

    /// Serves a connection as a task, which gives `permit` back when it ends; or closes it at once.
    pub(super) fn spawn(&self, stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit) {
        let Some(seat) = self.seat(peer, permit) else { return };
        // Without it answers wait for acknowledgements; a socket that refuses is as good as gone.
        let _ = stream.set_nodelay(true);
        let stream = Guarded::new(stream, self.settings.idle);
        let connection = Connection {
            server: self.server.clone(),
            settings: Arc::clone(&self.settings),
            stop: self.stop.clone(),
            service: self.service.clone(),
            peer,
            seat,
        };
        tokio::spawn(connection.run(stream));
    }

    fn seat(&self, peer: SocketAddr, permit: OwnedSemaphorePermit) -> Option<Seat> {
        let Settings { proxies, counters, max_per_address, .. } = &*self.settings;
        if proxies.turns_away(peer.ip()) {
            counters.strangers.up();
            return None;
        }
        let place = if proxies.trusts(peer.ip()) {
            None
        } else if let Some(place) = self.crowd.enter(peer.ip(), *max_per_address) {
            Some(place)
        } else {
            counters.crowded.up();
            return None;
        };
        counters.accepted.up();
        let counters = Arc::clone(counters);
        Some(Seat(Arc::new(Held { _permit: permit, _place: place, counters })))
    }
}

/// A connection that may stay.
struct Connection<S> {
    server: Builder<TokioExecutor>,
    settings: Arc<Settings>,
    stop: watch::Receiver<()>,
    service: S,
    peer: SocketAddr,
    seat: Seat,
}

impl<S: Service> Connection<S> {
    async fn run(mut self, stream: Guarded<TcpStream>) {
        let Some(tls) = self.settings.tls.clone() else { return self.serve(stream).await };
        if let Some(stream) = self.shake_hands(&tls, stream).await {
            self.serve(stream).await;
        }
    }

    /// The connection behind TLS, if it gets that far in time.
    async fn shake_hands(
        &mut self,
        tls: &Tls,
        stream: Guarded<TcpStream>,
    ) -> Option<TlsStream<Guarded<TcpStream>>> {
        let patience = self.settings.header_read;
        let handshake = tokio::select! {
            handshake = tokio::time::timeout(patience, tls.acceptor().accept(stream)) => handshake,
            _ = self.stop.changed() => return None,
        };
        let fault = match handshake {
            Ok(Ok(stream)) => return Some(stream),
            Ok(Err(fault)) => fault,
            Err(late) => late.into(),
        };
        self.settings.counters.handshakes.up();
        // Whoever connects can make one fail: nothing that fills a log.
        tracing::debug!(target: "einlass::listen", %fault, peer = %self.peer, "no TLS");
        None
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { server, settings, mut stop, service, peer, seat } = self;
        let patience = settings.header_read;
        let begun = Arc::new(AtomicBool::new(false));
        let (first, taken) = (Arc::clone(&begun), seat.clone());
        let answer = service_fn(move |mut request: Request<Incoming>| {
            first.store(true, Ordering::Relaxed);
            if request.extensions().get::<OnUpgrade>().is_some() {
                request.extensions_mut().insert(taken.clone());
            }
            let admitted = settings.admit(&mut request, peer).map_err(|why| settings.turn_away(why, peer));
            let (service, leaving, version) = (service.clone(), settings.leaving.clone(), request.version());
            async move {
                let mut answer = match admitted {
                    Ok(caller) => service.call(request, caller).await,
                    Err(answer) => answer,
                };
                leaving.mark(version, &mut answer);
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), answer);
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
