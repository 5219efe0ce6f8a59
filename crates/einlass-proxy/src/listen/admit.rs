//! What is looked at before any service is asked: who calls, by which name, and whether the body can be read.

use super::Settings;
use super::proxies::{Caller, Nonsense};
use crate::body::{Body, full};
use http::header::{CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use http::uri::Scheme;
use http::{HeaderMap, Request, Response, StatusCode};
use std::net::SocketAddr;

/// How a caller reached the platform, in a request's extensions: said by TLS or by a trusted proxy. When neither says
/// anything it is absent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CallerScheme(pub Scheme);

/// Why no service is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum TurnedAway {
    #[error("a proxy sent what cannot be used: {0}")]
    Proxy(#[from] Nonsense),
    #[error("this does not answer to the name that the request gives it")]
    Host,
    #[error("the only transfer coding here is chunked")]
    Coding,
}

impl Settings {
    /// Whom a request comes from.
    pub(super) fn admit<B>(
        &self,
        request: &mut Request<B>,
        peer: SocketAddr,
    ) -> Result<SocketAddr, TurnedAway> {
        let Caller { address, scheme } = self.proxies.caller(peer, request.headers_mut())?;
        if !self.hosts.answer(request) {
            return Err(TurnedAway::Host);
        }
        if !is_readable(request.headers()) {
            return Err(TurnedAway::Coding);
        }
        let of_connection = self.tls.as_ref().map(|_| Scheme::HTTPS);
        if let Some(scheme) = scheme.or(of_connection) {
            request.extensions_mut().insert(CallerScheme(scheme));
        }
        Ok(address)
    }

    /// Anybody can be turned away as often as they like: nothing that fills a log.
    pub(super) fn turn_away(&self, why: TurnedAway, peer: SocketAddr) -> Response<Body> {
        self.counters.turned_away(why);
        tracing::debug!(target: "einlass::listen", %peer, %why, "turned away");
        why.answer()
    }
}

impl TurnedAway {
    fn answer(self) -> Response<Body> {
        let mut response = Response::new(full(format!("{self}\n")));
        *response.status_mut() = self.status();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Proxy(_) => StatusCode::BAD_REQUEST,
            // RFC 9110 §15.5.20
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            // RFC 9112 §6.1
            Self::Coding => StatusCode::NOT_IMPLEMENTED,
        }
    }
}

/// Another coding below `chunked` would reach its reader undecoded, with nothing left to say that it is there.
fn is_readable(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let (only, other) = (codings.next(), codings.next());
    other.is_none() && only.is_none_or(|only| only.as_bytes().eq_ignore_ascii_case(b"chunked"))
}
