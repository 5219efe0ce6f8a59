//! A development platform answers to loopback names alone. Otherwise a web page could point a name of its
//! own at 127.0.0.1 and talk to it from a visitor's browser (DNS rebinding).

use einlass_proxy::body::{Body, full};
use einlass_proxy::listen::Service;
use http::header::HOST;
use http::uri::Authority;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::{IpAddr, SocketAddr};

/// A service that refuses other hosts.
#[derive(Clone)]
pub(crate) struct LoopbackOnly<S>(pub(crate) S);

impl<S: Service> Service for LoopbackOnly<S> {
    async fn call(self, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        if names_loopback(&request) {
            return self.0.call(request, peer).await;
        }
        tracing::warn!(target: "einlass::dev", %peer, "refused: the Host is not loopback");
        // RFC 9110 §15.5.20
        let mut refused =
            Response::new(full("einlass dev answers to loopback addresses and localhost alone\n"));
        *refused.status_mut() = StatusCode::MISDIRECTED_REQUEST;
        refused
    }
}

/// Whether every host that the request names is a loopback one, and there is at least one.
fn names_loopback<B>(request: &Request<B>) -> bool {
    let headers = request.headers().get_all(HOST).iter();
    let mut hosts = headers.map(|value| value.to_str().ok().and_then(|host| host.parse::<Authority>().ok()));
    let of_target = request.uri().authority();
    let has_one = of_target.is_some() || request.headers().contains_key(HOST);
    has_one && of_target.is_none_or(is_loopback) && hosts.all(|host| host.as_ref().is_some_and(is_loopback))
}

fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_loopback = address.map_or(host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback());
    is_loopback && !authority.as_str().contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(target: &str, hosts: &[&str]) -> bool {
        let request = hosts.iter().fold(Request::get(target), |request, host| request.header(HOST, *host));
        names_loopback(&request.body(()).unwrap())
    }

    #[test]
    fn loopback_names_are_answered_with_any_port() {
        for host in ["127.0.0.1", "127.0.0.1:8480", "localhost:1", "LOCALHOST", "[::1]:8480", "127.0.0.2:1"] {
            assert!(allows("/", &[host]), "{host}");
            assert!(allows(&format!("http://{host}/"), &[]), "{host}");
        }
    }

    #[test]
    fn every_other_name_is_refused() {
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1", "0.0.0.0", ""]
        {
            assert!(!allows("/", &[host]), "{host}");
        }
        assert!(!allows("/", &[]));
        assert!(!allows("/", &["127.0.0.1@evil.example"]));
        assert!(!allows("/", &["127.0.0.1", "evil.example"]));
        assert!(!allows("http://evil.example/", &["127.0.0.1"]));
        assert!(!allows("http://127.0.0.1/", &["evil.example"]));
    }
}
