//! Connections to an upstream without TLS, kept for the next request. They speak HTTP/1.1, one request at a time. (What an
//! upstream behind TLS speaks is found out by ALPN; that is the general client's.)

use super::ForwardError;
use super::connect::Connector;
use super::upload::Upload;
use super::upstream::Upstream;
use http::header::{HOST, HeaderValue};
use http::uri::PathAndQuery;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tower::Service as _;

type Connection = SendRequest<Upload>;

/// A pool for one upstream. It belongs to the runtime that it is used on. Clones share it.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    connector: Connector,
    upstream: Upstream,
    host: HeaderValue,
    /// How long a connection is kept without use.
    keep: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// With the moment since when each is without use. The one that was used last is at the end.
    idle: Vec<(Connection, Instant)>,
    /// Who came when there was none, in this order.
    waiting: VecDeque<oneshot::Sender<Connection>>,
    is_swept: bool,
}

/// A connection, and whether a request was sent over it before.
enum Found {
    Kept(Connection),
    New(Connection),
}

impl Pool {
    pub(super) fn new(upstream: &Upstream, connector: Connector, keep: Duration) -> Self {
        let (upstream, host, state) = (upstream.clone(), upstream.host(), Mutex::default());
        Self(Arc::new(Shared { connector, upstream, host, keep, state }))
    }

    /// Sends a request whose target is path and query. One that was not begun is sent again over another connection where
    /// the upstream had closed one that was kept.
    pub(super) async fn send(
        &self,
        mut request: Request<Upload>,
        now: Instant,
    ) -> Result<Response<Incoming>, ForwardError> {
        request.headers_mut().insert(HOST, self.0.host.clone());
        loop {
            let (mut connection, is_kept) = match self.kept(now) {
                Some(connection) => (connection, true),
                // Boxed, since it is rare and large.
                None => match Box::pin(self.another()).await? {
                    Found::Kept(connection) => (connection, true),
                    Found::New(connection) => (connection, false),
                },
            };
            match connection.try_send_request(request).await {
                Ok(response) => {
                    self.give_back(connection);
                    return Ok(response);
                }
                Err(mut fault) => match fault.take_message() {
                    Some(unsent) if is_kept => request = unsent,
                    _ => return Err(ForwardError::from_exchange(fault.into_error())),
                },
            }
        }
    }

    /// The connection that was used last, if there is one that still counts.
    fn kept(&self, now: Instant) -> Option<Connection> {
        let mut state = self.0.state();
        while let Some((connection, since)) = state.idle.pop() {
            if connection.is_ready() && now.saturating_duration_since(since) <= self.0.keep {
                return Some(connection);
            }
        }
        None
    }

    /// A new connection, or the first one that somebody gives back meanwhile; then the new one is for others.
    async fn another(&self) -> Result<Found, ForwardError> {
        let mut given = self.0.state().wait();
        let mut new = Box::pin(Arc::clone(&self.0).connect());
        tokio::select! {
            biased;
            Ok(connection) = &mut given => {
                let pool = self.clone();
                tokio::spawn(async move {
                    if let Ok(unwanted) = new.await {
                        pool.give_back(unwanted);
                    }
                });
                Ok(Found::Kept(connection))
            }
            connection = &mut new => connection.map(Found::New),
        }
    }

    /// Keeps a connection once it can take another request, if it ever can.
    fn give_back(&self, mut connection: Connection) {
        if connection.is_ready() {
            self.keep(connection);
        } else if !connection.is_closed() {
            let pool = self.clone();
            tokio::spawn(async move {
                if connection.ready().await.is_ok() {
                    pool.keep(connection);
                }
            });
        }
    }

    fn keep(&self, mut connection: Connection) {
        let mut state = self.0.state();
        while let Some(waiting) = state.waiting.pop_front() {
            match waiting.send(connection) {
                Ok(()) => return,
                // Who waited has one by now, or has gone away.
                Err(back) => connection = back,
            }
        }
        state.idle.push((connection, Instant::now()));
        if !std::mem::replace(&mut state.is_swept, true) {
            tokio::spawn(sweep(Arc::downgrade(&self.0), self.0.keep));
        }
    }
}

impl State {
    /// Tells of the next connection that is given back.
    fn wait(&mut self) -> oneshot::Receiver<Connection> {
        // Where nothing is given back nobody else clears away who has gone.
        while self.waiting.front().is_some_and(oneshot::Sender::is_closed) {
            self.waiting.pop_front();
        }
        let (give, given) = oneshot::channel();
        self.waiting.push_back(give);
        given
    }
}

impl Shared {
    async fn connect(self: Arc<Self>) -> Result<Connection, ForwardError> {
        let target = self.upstream.absolute(PathAndQuery::from_static("/"))?;
        let stream = self.connector.clone().call(target).await.map_err(ForwardError::from_connect)?;
        let (connection, work) = http1::handshake(stream).await.map_err(ForwardError::from_exchange)?;
        tokio::spawn(async move {
            // Whoever has sent a request hears of it there.
            if let Err(fault) = work.await {
                tracing::debug!(target: "einlass::forward", %fault, "connection broke");
            }
        });
        Ok(connection)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes what has been kept for too long, until nothing is kept.
async fn sweep(pool: Weak<Shared>, keep: Duration) {
    loop {
        tokio::time::sleep(keep).await;
        let Some(pool) = pool.upgrade() else { return };
        let (mut state, now) = (pool.state(), Instant::now());
        state.idle.retain(|(connection, since)| {
            connection.is_ready() && now.saturating_duration_since(*since) <= keep
        });
        if state.idle.is_empty() {
            state.is_swept = false;
            return;
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pool").field(&self.0.upstream).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::connect::Versions;
    use super::super::tls::UpstreamTls;
    use super::*;
    use crate::body::full;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpSocket, TcpStream};

    const LONG: Duration = Duration::from_secs(20);
    const ANSWER: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

    fn pool_before(address: SocketAddr) -> Pool {
        let connector = Connector::new(LONG, &UpstreamTls::default(), Versions::Http1).unwrap();
        Pool::new(&format!("http://{address}").parse().unwrap(), connector, LONG)
    }

    async fn status(pool: Pool) -> u16 {
        let (upload, _) = Upload::watched(LONG, Instant::now());
        let request = Request::get("/").body(upload(full(""))).unwrap();
        pool.send(request, Instant::now()).await.unwrap().status().as_u16()
    }

    async fn take_request(stream: &mut TcpStream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            assert_ne!(stream.read_buf(&mut head).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn who_has_gone_waits_no_more_even_if_nothing_is_given_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pool = pool_before(listener.local_addr().unwrap());
        for _ in 0..5 {
            let call = tokio::spawn(status(pool.clone()));
            let (mut stream, _) = listener.accept().await.unwrap();
            take_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
            assert_eq!(call.await.unwrap(), 204);
        }
        assert_eq!(pool.0.state().waiting.len(), 1);
    }

    #[tokio::test]
    async fn who_waits_for_a_new_connection_takes_one_that_is_given_back() {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let pool = pool_before(address);
        let first = tokio::spawn(status(pool.clone()));
        let (mut stream, _) = listener.accept().await.unwrap();
        take_request(&mut stream).await;
        // Fill the queue that nobody accepts from, until the kernel lets a connection wait.
        let mut queued = Vec::new();
        while let Ok(stream) =
            tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await
        {
            queued.push(stream.unwrap());
        }
        pool.0.state().waiting.clear();
        let second = tokio::spawn(status(pool.clone()));
        while pool.0.state().waiting.is_empty() {
            tokio::task::yield_now().await;
        }
        stream.write_all(ANSWER).await.unwrap();
        assert_eq!(first.await.unwrap(), 204);
        take_request(&mut stream).await;
        stream.write_all(ANSWER).await.unwrap();
        assert_eq!(second.await.unwrap(), 204);
        assert_eq!(pool.0.state().idle.len(), 1);
    }
}
