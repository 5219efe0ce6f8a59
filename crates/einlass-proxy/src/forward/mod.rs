//! Forwards one request and brings back the answer. Both bodies stream in constant memory; every wait has
//! a bound; whoever drops the future or the answer's body ends the upstream's work too.

mod connect;
mod error;
pub(crate) mod hop_by_hop;
mod idle;
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
use connect::{Connector, Versions};
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use idle::IdleBody;
use std::io;
use unread::Taken;
use upload::Upload;

/// A pool of connections to upstreams. It belongs to the runtime that it is used on and is never shared
/// between two.
#[derive(Clone, Debug)]
pub struct Forwarder {
    client: Client<Connector, Upload>,
    /// For connections that become something else.
    upgrading: Client<Connector, Upload>,
    timeouts: Timeouts,
}

impl Forwarder {
    /// A pool without connections. Fails when the certificates cannot be used.
    pub fn new(timeouts: Timeouts, tls: &UpstreamTls) -> io::Result<Self> {
        let client = |versions| -> io::Result<_> {
            let connector = Connector::new(timeouts.connect, tls, versions)?;
            let mut client = Client::builder(TokioExecutor::new());
            client.pool_timer(TokioTimer::new()).pool_idle_timeout(timeouts.pooled);
            Ok(client.build(connector))
        };
        Ok(Self { client: client(Versions::All)?, upgrading: client(Versions::Http1)?, timeouts })
    }

    /// Sends a request whose target is absolute and whose headers are those that the upstream shall see;
    /// what concerns one connection only is removed here, in both directions.
    pub async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, ForwardError> {
        let caller = request.version();
        hop_by_hop::strip(request.headers_mut());
        let response = self.exchange(&self.client, request).await?;
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
        upgrade: Upgrade,
    ) -> Result<Response<Body>, ForwardError> {
        let caller = request.version();
        hop_by_hop::strip(request.headers_mut());
        tunnel::announce(request.headers_mut());
        let response = self.exchange(&self.upgrading, request).await?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return upgrade.join(response);
        }
        Ok(self.answer(response, caller))
    }

    async fn exchange(
        &self,
        client: &Client<Connector, Upload>,
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, ForwardError> {
        // The client picks the version itself, by ALPN.
        *request.version_mut() = Version::HTTP_11;
        let (upload, progress) = Upload::watched(self.timeouts.body_idle);
        let answer = client.request(request.map(upload));
        tokio::select! {
            response = answer => response.map_err(ForwardError::from_client),
            () = progress.stalled(self.timeouts.response_head) => Err(ForwardError::HeadTimedOut),
        }
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
