//! Binds an address once for each worker.

use super::Settings;
use super::crowd::Crowd;
use super::worker::{Service, Worker};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// Connections that the kernel holds for a worker that is busy.
const BACKLOG: i32 = 1024;

/// An address that is bound and not yet served.
#[derive(Debug)]
pub struct Bound {
    address: SocketAddr,
    listeners: Vec<TcpListener>,
}

/// Binds `address` for so many workers. Port 0 becomes one free port for all of them. An address that
/// somebody else listens on is an error.
pub fn bind(address: SocketAddr, workers: usize) -> io::Result<Bound> {
    // With `SO_REUSEPORT` alone a second process of the same user would silently take half of the calls.
    let probe = socket(address)?;
    probe.bind(&address.into())?;
    let address = probe.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
    drop(probe);
    let listeners = (0..workers.max(1)).map(|_| listener(address)).collect::<io::Result<_>>()?;
    Ok(Bound { address, listeners })
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    Ok(socket)
}

fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

impl Bound {
    /// The address that callers reach, with the port that was found for port 0.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` comes, then lets the open connections finish. `service` is called once on
    /// each worker, in its runtime. Fails when a worker cannot start or its service cannot be made.
    pub async fn run<M, S>(
        self,
        settings: Settings,
        service: M,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()>
    where
        M: Fn() -> io::Result<S> + Clone + Send + 'static,
        S: Service,
    {
        let (stop, stopped) = watch::channel(());
        let (settings, crowd) = (Arc::new(settings), Crowd::default());
        // A worker lives on a thread of its own, for as long as the listener does.
        let mut workers = JoinSet::new();
        for listener in self.listeners {
            let worker = Worker {
                listener,
                settings: Arc::clone(&settings),
                crowd: crowd.clone(),
                stop: stopped.clone(),
            };
            let service = service.clone();
            workers.spawn_blocking(move || worker.run(service));
        }
        let mut outcome = Ok(());
        tokio::select! {
            () = shutdown => {}
            // A worker that ends before it is told to takes the others along.
            Some(ended) = workers.join_next() => outcome = flat(ended),
        }
        drop(stop);
        while let Some(ended) = workers.join_next().await {
            outcome = outcome.and(flat(ended));
        }
        outcome
    }
}

/// A panic is an error like others here.
fn flat(ended: Result<io::Result<()>, JoinError>) -> io::Result<()> {
    ended.map_err(io::Error::other)?
}
