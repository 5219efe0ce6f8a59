//! One worker: accepts, serves, and lets go.

use super::Settings;
use super::connection::Connections;
use super::crowd::Crowd;
use crate::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Pause after an accept that failed for want of resources, so that others can give some back.
const BREATHER: Duration = Duration::from_millis(50);

/// What answers the requests of a worker.
pub trait Service: Clone + Send + 'static {
    /// Answers one request of `peer`: who connected, or on whose behalf a trusted proxy did. The extension
    /// [`super::CallerScheme`] says how the caller reached the platform, where that is known.
    fn call(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> impl Future<Output = Response<Body>> + Send;
}

pub(super) struct Worker {
    pub(super) listener: std::net::TcpListener,
    pub(super) settings: Arc<Settings>,
    /// Who has how many connections, over all workers.
    pub(super) crowd: Crowd,
    /// Closed when the listener shall stop.
    pub(super) stop: watch::Receiver<()>,
}

impl Worker {
    /// Serves on a runtime of its own, until stopped.
    pub(super) fn run<S: Service>(self, service: impl Fn() -> io::Result<S>) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::from_std(self.listener)?;
            let connections =
                Connections::new(Arc::clone(&self.settings), self.crowd, self.stop.clone(), service()?);
            let limit = Arc::new(Semaphore::new(self.settings.max_connections as usize));
            accept_until(listener, self.stop, &limit, connections).await;
            drain(&limit, &self.settings).await;
            Ok(())
        })
    }
}

/// Accepts connections until told to stop. Dropping the listener refuses further ones.
async fn accept_until<S: Service>(
    listener: TcpListener,
    mut stop: watch::Receiver<()>,
    limit: &Arc<Semaphore>,
    connections: Connections<S>,
) {
    loop {
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            accepted = accept(&listener, limit) => match accepted {
                Ok((stream, peer, permit)) => connections.spawn(stream, peer, permit),
                Err(error) => {
                    tracing::warn!(target: "einlass::listen", %error, "connection not accepted");
                    tokio::time::sleep(BREATHER).await;
                }
            },
        }
    }
}

async fn accept(
    listener: &TcpListener,
    limit: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(limit).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, permit))
}

/// Waits until every connection has given back its permit.
async fn drain(limit: &Semaphore, settings: &Settings) {
    let everything = limit.acquire_many(settings.max_connections);
    if tokio::time::timeout(settings.drain, everything).await.is_err() {
        let open = settings.max_connections as usize - limit.available_permits();
        tracing::warn!(target: "einlass::listen", open, "connections cut off");
    }
}
