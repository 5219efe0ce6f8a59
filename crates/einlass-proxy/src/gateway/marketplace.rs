//! Forwards the calls of channels and sellers to the marketplace. Who calls, and whether often enough by now, was judged
//! before; here the path and the operation are, and the marketplace is told who calls, by us alone.

use super::headers::make_known;
use crate::body::{Body, boxed};
use crate::forward::{ForwardError, Forwarder, Timeouts, Upstream, UpstreamTls};
use bytes::Bytes;
use einlass_protocol::policy::{CurrentPolicy, Match, Method, PathRejected, RequestPath};
use einlass_protocol::scx::Party;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::BodyExt as _;
use std::io;
use std::net::IpAddr;

const CHANNEL: HeaderName = HeaderName::from_static("x-einlass-channel");
const SELLER: HeaderName = HeaderName::from_static("x-einlass-seller");
const TENANT: HeaderName = HeaderName::from_static("x-einlass-tenant");

/// Why a call was not answered by the marketplace.
#[derive(Debug, thiserror::Error)]
pub enum NotForwarded {
    /// The path can be read in two ways.
    #[error(transparent)]
    Path(#[from] PathRejected),
    /// No document names the operation.
    #[error("no document names the operation")]
    UnknownOperation,
    /// The path has other methods.
    #[error("the path has other methods")]
    MethodNotAllowed(Vec<Method>),
    /// The marketplace failed.
    #[error(transparent)]
    Forward(#[from] ForwardError),
    /// The target cannot be written.
    #[error(transparent)]
    Target(#[from] http::Error),
}

/// The way to a marketplace, for the runtime that it is used on.
#[derive(Clone)]
pub struct MarketplaceDoor {
    policy: CurrentPolicy,
    upstream: Upstream,
    forwarder: Forwarder,
}

impl MarketplaceDoor {
    /// A way without connections. Fails when the certificates cannot be used.
    pub fn new(
        policy: CurrentPolicy,
        upstream: Upstream,
        tls: &UpstreamTls,
        timeouts: Timeouts,
    ) -> io::Result<Self> {
        Ok(Self { policy, upstream, forwarder: Forwarder::new(timeouts, tls)? })
    }

    /// Forwards a call, its path as it came.
    pub async fn forward<B>(
        &self,
        request: Request<B>,
        party: &Party,
        peer: IpAddr,
    ) -> Result<Response<Body>, NotForwarded>
    where
        B: http_body::Body<Data = Bytes, Error: Into<crate::body::BoxError>> + Send + 'static,
    {
        let (mut head, body) = request.into_parts();
        let path = RequestPath::parse(head.uri.path())?;
        match self.policy.load().find(head.method.as_str(), &path) {
            Match::Operation(_) => {}
            Match::MethodNotAllowed { allowed } => return Err(NotForwarded::MethodNotAllowed(allowed)),
            Match::Unknown => return Err(NotForwarded::UnknownOperation),
        }
        let target = self.upstream.target(path.canonical(), head.uri.query())?;
        make_known(&mut head, peer);
        match party {
            Party::Channel(name) => {
                head.headers.extend(HeaderValue::from_str(name.as_str()).map(|name| (CHANNEL, name)));
            }
            Party::Seller { account, tenant } => {
                head.headers.insert(SELLER, HeaderValue::from(account.number()));
                head.headers.extend(HeaderValue::from_str(&tenant.to_string()).map(|id| (TENANT, id)));
            }
        }
        head.uri = target;
        let body = boxed(boxed(body).map_frame(super::headers::without_reserved_trailers));
        Ok(self.forwarder.send(Request::from_parts(head, body)).await?)
    }
}
