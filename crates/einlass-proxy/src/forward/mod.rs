//! Forwards one request and brings back the answer. Both bodies stream in constant memory; every wait has
//! a bound; whoever drops the future or the answer's body ends the upstream's work too.

mod connect;
mod error;
pub(crate) mod hop_by_hop;
mod idle;
mod timeouts;
mod tls;
mod upload;
mod upstream;

pub use error::ForwardError;
pub use timeouts::Timeouts;
pub use tls::{ClientIdentity, UpstreamTls};
pub use upstream::{InvalidUpstream, Upstream};

use crate::body::{Body, boxed};
use connect::Connector;
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use idle::IdleBody;
use std::io;
use upload::Upload;

/// A pool of connections to upstreams. It belongs to the runtime that it is used on and is never shared
/// between two.
#[derive(Clone, Debug)]
pub struct Forwarder {
    client: Client<Connector, Upload>,
    timeouts: Timeouts,
}

impl Forwarder {
    /// A pool without connections. Fails when the certificates cannot be used.
    pub fn new(timeouts: Timeouts, tls: &UpstreamTls) -> io::Result<Self> {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(timeouts.pooled)
            .build(Connector::new(timeouts.connect, tls)?);
        Ok(Self { client, timeouts })
    }

    /// Sends a request whose target is absolute and whose headers are those that the upstream shall see;
    /// what concerns one connection only is removed here, in both directions.
    pub async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, ForwardError> {
        // The client picks the version itself, by ALPN.
        *request.version_mut() = Version::HTTP_11;
        hop_by_hop::strip(request.headers_mut());
        let (upload, progress) = Upload::watched(self.timeouts.body_idle);
        let answer = self.client.request(request.map(upload));
        let response = tokio::select! {
            response = answer => response.map_err(ForwardError::from_client)?,
            () = progress.stalled(self.timeouts.response_head) => return Err(ForwardError::HeadTimedOut),
        };
        self.answer(response)
    }

    fn answer(&self, mut response: Response<Incoming>) -> Result<Response<Body>, ForwardError> {
        // `Upgrade` is never forwarded, so nobody asked for another protocol (RFC 9110 §15.2.2).
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(ForwardError::Upgrade);
        }
        hop_by_hop::strip(response.headers_mut());
        // A response goes out in the version of its request, whatever the upstream spoke.
        *response.version_mut() = Version::HTTP_11;
        Ok(response.map(|body| boxed(IdleBody::new(body, self.timeouts.body_idle))))
    }
}
