//! Forwards one request and brings back the answer. Both bodies stream in constant memory; every wait has
//! a bound; whoever drops the future or the answer's body ends the upstream's work too.

mod connect;
mod error;
pub(crate) mod hop_by_hop;
mod idle;
mod pool;
mod timeouts;
mod tls;
mod tunnel;
mod unread;
mod upload;
mod upstream;

pub use error::ForwardError;
pub use timeouts::Timeouts;
pub use tls::{ClientIdentity, UpstreamTls};
pub(crate) use tunnel::Upgrade;
pub use upstream::{InvalidUpstream, Upstream};

use crate::body::{Body, boxed};
use crate::timers::Timers;
use connect::{Connector, Versions};
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode, Uri, Version};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use idle::IdleBody;
use pool::Pool;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use tokio::time::Instant;
use unread::Taken;
use upload::Upload;

/// Connections to one upstream. They belong to the runtime that they are used on and are never shared between two.
#[derive(Clone, Debug)]
pub struct Forwarder {
    upstream: Upstream,
    /// Without TLS; with it the general client finds out what is spoken.
    plain: Option<Pool>,
    general: General,
    /// For connections that become something else.
    upgrading: General,
    /// For waits for an answer.
    timers: Timers,
    timeouts: Timeouts,
}

type General = Client<Connector, Upload>;

/// By which way a request goes.
#[derive(Clone, Copy)]
enum Way<'f> {
    Plain(&'f Pool),
    General(&'f General),
}

impl Forwarder {
    /// A forwarder without connections. Fails when the certificates cannot be used.
    pub fn new(upstream: &Upstream, timeouts: Timeouts, tls: &UpstreamTls) -> io::Result<Self> {
        let connector = |versions| Connector::new(timeouts.connect, tls, versions);
        let general = |connector| {
            let mut client = Client::builder(TokioExecutor::new());
            client.pool_timer(TokioTimer::new()).pool_idle_timeout(timeouts.pooled);
            client.build(connector)
        };
        let all = connector(Versions::All)?;
        let plain = upstream.is_plain().then(|| Pool::new(upstream, all.clone(), timeouts.pooled));
        Ok(Self {
            upstream: upstream.clone(),
            plain,
            general: general(all),
            upgrading: general(connector(Versions::Http1)?),
            timers: Timers::of(timeouts.response_head),
            timeouts,
        })
    }

    /// Sends a request to this target of the upstream. Its headers are those that the upstream shall see, without what
    /// concerns one connection only ([`hop_by_hop::strip`]); of the answer's that is removed here.
    pub(crate) async fn send(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
    ) -> Result<Response<Body>, ForwardError> {
        let caller = request.version();
        let way = self.plain.as_ref().map_or(Way::General(&self.general), Way::Plain);
        let response = self.exchange(way, request, target).await?;
        // `Upgrade` was not forwarded, so nobody asked for another protocol (RFC 9110 §15.2.2).
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(ForwardError::Upgrade);
        }
        Ok(self.answer(response, caller))
    }

    /// The same for a request whose caller wants to go on with WebSocket. An upstream that does not want to
    /// answers as to any other request.
    pub(crate) async fn send_upgrading(
        &self,
        mut request: Request<Body>,
        target: PathAndQuery,
        upgrade: Upgrade,
    ) -> Result<Response<Body>, ForwardError> {
        let caller = request.version();
        tunnel::announce(request.headers_mut());
        let response = self.exchange(Way::General(&self.upgrading), request, target).await?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return upgrade.join(response);
        }
        Ok(self.answer(response, caller))
    }

    async fn exchange(
        &self,
        way: Way<'_>,
        mut request: Request<Body>,
        target: PathAndQuery,
    ) -> Result<Response<Incoming>, ForwardError> {
        let now = Instant::now();
        // The client picks the version itself, by ALPN.
        *request.version_mut() = Version::HTTP_11;
        *request.uri_mut() = match way {
            Way::Plain(_) => Uri::from(target),
            Way::General(_) => self.upstream.absolute(target)?,
        };
        let (upload, progress) = Upload::watched(self.timeouts.body_idle, now);
        let mut answer = pin!(way.send(request.map(upload), now));
        let mut patience = self.timers.lend();
        poll_fn(|context| {
            if let Poll::Ready(answered) = answer.as_mut().poll(context) {
                return Poll::Ready(answered);
            }
            progress.poll_stalled(&mut patience, context).map(|()| Err(ForwardError::HeadTimedOut))
        })
        .await
    }

    fn answer(&self, mut response: Response<Incoming>, caller: Version) -> Response<Body> {
        hop_by_hop::strip(response.headers_mut());
        // A response goes out in the version of its request, whatever the upstream spoke.
        *response.version_mut() = Version::HTTP_11;
        let Timeouts { body_idle, unread, .. } = self.timeouts;
        response.map(|body| {
            if caller == Version::HTTP_2 {
                return boxed(IdleBody::new(Taken::within(unread, body), body_idle));
            }
            // With HTTP/1.1 a caller who takes nothing is seen at its socket, which the listener guards.
            boxed(IdleBody::new(body, body_idle))
        })
    }
}

impl Way<'_> {
    async fn send(self, request: Request<Upload>, now: Instant) -> Result<Response<Incoming>, ForwardError> {
        match self {
            Self::Plain(pool) => pool.send(request, now).await,
            Self::General(client) => client.request(request).await.map_err(ForwardError::from_client),
        }
    }
}
