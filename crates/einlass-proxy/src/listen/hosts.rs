//! The names under which a listener answers. Otherwise a web page could point a name of its own at the listener's
//! address and talk to it from a visitor's browser (DNS rebinding).

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, Request};
use std::net::IpAddr;

/// The names under which a listener answers, whatever the port.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Hosts {
    /// All: for a listener that others guard, and for health checks.
    #[default]
    Any,
    /// `localhost` and the addresses of this machine to itself.
    Loopback,
    /// These, without regard to case. IPv6 addresses stand in brackets.
    Named(Vec<String>),
}

impl Hosts {
    /// Whether every host that the request names is one of these, and there is at least one.
    pub(super) fn answer<B>(&self, request: &Request<B>) -> bool {
        if *self == Self::Any {
            return true;
        }
        let headers = request.headers().get_all(HOST).iter();
        let mut hosts = headers.map(HeaderValue::to_str);
        let of_target = request.uri().authority();
        let has_one = of_target.is_some() || request.headers().contains_key(HOST);
        has_one
            && of_target.is_none_or(|host| self.have(host))
            && hosts.all(|host| host.is_ok_and(|host| self.have_text(host)))
    }

    fn have_text(&self, text: &str) -> bool {
        self.have_plainly(text) || text.parse().is_ok_and(|host| self.have(&host))
    }

    /// The names as most callers write them, with a port or without, which need not be parsed.
    fn have_plainly(&self, text: &str) -> bool {
        let host = match text.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            Some(_) => return false,
            None => text,
        };
        match self {
            Self::Any => true,
            Self::Loopback => host == "127.0.0.1" || host == "localhost",
            Self::Named(names) => !host.contains(':') && names.iter().any(|name| name == host),
        }
    }

    fn have(&self, authority: &Authority) -> bool {
        let host = authority.host();
        let is_one = match self {
            Self::Any => true,
            Self::Loopback => is_loopback(host),
            Self::Named(names) => names.iter().any(|name| name.eq_ignore_ascii_case(host)),
        };
        is_one && !authority.as_str().contains('@')
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    address.map_or(host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(hosts: &Hosts, target: &str, named: &[&str]) -> bool {
        let request = named.iter().fold(Request::get(target), |request, host| request.header(HOST, *host));
        hosts.answer(&request.body(()).unwrap())
    }

    #[test]
    fn loopback_names_are_answered_with_any_port() {
        for host in ["127.0.0.1", "127.0.0.1:8480", "localhost:1", "LOCALHOST", "[::1]:8480", "127.0.0.2:1"] {
            assert!(answers(&Hosts::Loopback, "/", &[host]), "{host}");
            assert!(answers(&Hosts::Loopback, &format!("http://{host}/"), &[]), "{host}");
        }
    }

    #[test]
    fn every_other_name_is_refused() {
        let allows = |target: &str, named: &[&str]| answers(&Hosts::Loopback, target, named);
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

    #[test]
    fn named_hosts_are_answered_and_no_others() {
        let hosts = Hosts::Named(vec!["api.example".into(), "[2001:db8::1]".into()]);
        for host in ["api.example", "api.example:8443", "API.Example:8443", "[2001:db8::1]:443"] {
            assert!(answers(&hosts, "/", &[host]), "{host}");
        }
        for host in [
            "example",
            "api.example.evil",
            "x.api.example",
            "localhost",
            "u@api.example",
            "api.example:80:80",
            "",
        ] {
            assert!(!answers(&hosts, "/", &[host]), "{host}");
        }
        assert!(!answers(&hosts, "/", &[]));
        assert!(answers(&Hosts::Any, "/", &[]));
    }
}
