//! Upgrades to WebSocket (RFC 6455 §4): a request like any other, after whose 101 the two connections are one.
//! No other protocol passes. `h2c` above all would be a way around the judgement of every further request.

use super::{ForwardError, hop_by_hop};
use crate::body::{Body, full};
use http::header::{CONNECTION, HeaderValue, UPGRADE};
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Response, Version};
use hyper::body::{Body as _, Incoming};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::pin::Pin;
use tokio::io::copy_bidirectional;

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// A caller's wish to go on with WebSocket.
pub(crate) struct Upgrade {
    caller: OnUpgrade,
    /// What the listener attached to the request lasts as long as the tunnel.
    attached: Extensions,
    /// Ends the tunnel.
    end: End,
}

type End = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Upgrade {
    /// Takes the wish out of a request. To be called before the fields that concern the connection are removed.
    pub(crate) fn wished(parts: &mut Parts, body: &Incoming) -> Option<Self> {
        // RFC 6455 §4.1: a GET over HTTP/1.1. A body would be taken for the first frames by one of us.
        let can_be = parts.method == Method::GET && parts.version == Version::HTTP_11 && body.is_end_stream();
        if !can_be || !names_websocket(&parts.headers) {
            return None;
        }
        let caller = parts.extensions.remove::<OnUpgrade>()?;
        let end = Box::pin(std::future::pending());
        Some(Self { caller, attached: std::mem::take(&mut parts.extensions), end })
    }

    /// The tunnel is cut when `end` comes back.
    pub(crate) fn until(self, end: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { end: Box::pin(end), ..self }
    }

    /// Joins caller and upstream after the upstream's 101, as a task that ends when either side is done.
    pub(super) fn join(self, mut response: Response<Incoming>) -> Result<Response<Body>, ForwardError> {
        // RFC 9110 §7.8: the server picks one of the protocols that were offered.
        if !names_websocket(response.headers()) {
            return Err(ForwardError::Upgrade);
        }
        let upstream = hyper::upgrade::on(&mut response);
        tokio::spawn(self.carry(upstream));
        hop_by_hop::strip(response.headers_mut());
        announce(response.headers_mut());
        Ok(response.map(|_| full("")))
    }

    async fn carry(self, upstream: OnUpgrade) {
        let Self { caller, attached, end } = self;
        if let (Ok(caller), Ok(upstream)) = tokio::join!(caller, upstream) {
            let (mut caller, mut upstream) = (TokioIo::new(caller), TokioIo::new(upstream));
            // However it ends: both connections end with it.
            tokio::select! {
                _ = copy_bidirectional(&mut caller, &mut upstream) => {}
                () = end => {}
            }
        }
        drop(attached);
    }
}

/// Says that the connection is to become a WebSocket, or has.
pub(super) fn announce(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, WEBSOCKET);
}

/// Whether WebSocket, and nothing beside it, is what the sender wants to go on with. An `Upgrade` that `Connection`
/// does not nominate is somebody else's wish (RFC 9110 §7.8).
fn names_websocket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(UPGRADE).iter();
    let (only, other) = (protocols.next(), protocols.next());
    hop_by_hop::nominates(headers, &UPGRADE)
        && other.is_none()
        && only.is_some_and(|only| only.as_bytes().eq_ignore_ascii_case(WEBSOCKET.as_bytes()))
}
