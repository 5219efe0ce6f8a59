//! Proxies in front of a listener, and what is believed of them: who calls, and how.

use http::header::HeaderName;
use http::uri::Scheme;
use http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The networks whose machines are proxies of the operator's. What anybody else says about callers is ignored.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    networks: Arc<[IpNet]>,
    only: bool,
}

/// A text that names no network.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no network: write it as 10.0.0.0/8, or one address")]
pub struct InvalidNetwork(pub String);

/// A trusted proxy said something that cannot be: it is better refused than guessed at.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Nonsense {
    #[error("X-Forwarded-For is no list of addresses")]
    For,
    #[error("X-Forwarded-Proto is neither http nor https")]
    Proto,
}

/// Who calls.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Caller {
    /// The port is 0 where a proxy did not name it.
    pub(super) address: SocketAddr,
    /// How the caller reached the proxy, if it says so.
    pub(super) scheme: Option<Scheme>,
}

impl Proxies {
    /// Trusts these networks: `10.0.0.0/8`, `2001:db8::/32`, or one address.
    pub fn trusting<'a>(networks: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidNetwork> {
        let network = |text: &'a str| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_| text.parse()).map_err(|_| InvalidNetwork(text.to_owned()))
        };
        Ok(Self { networks: networks.into_iter().map(network).collect::<Result<_, _>>()?, only: false })
    }

    /// Nobody else is answered: their connections are closed at once.
    #[must_use]
    pub fn only(self) -> Self {
        Self { only: true, ..self }
    }

    /// Whether `address` is a proxy's.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        // A listener for both families sees IPv4 as `::ffff:192.0.2.1`.
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    pub(super) fn turns_away(&self, address: IpAddr) -> bool {
        self.only && !self.trusts(address)
    }

    /// Who is behind a request of `peer`. What it was concluded from is taken off, so that nobody after this concludes
    /// otherwise.
    pub(super) fn caller(&self, peer: SocketAddr, headers: &mut HeaderMap) -> Result<Caller, Nonsense> {
        let caller = if self.trusts(peer.ip()) {
            Caller { address: self.address(peer, headers)?, scheme: scheme(headers)? }
        } else {
            Caller { address: peer, scheme: None }
        };
        headers.remove(FORWARDED_FOR);
        headers.remove(FORWARDED_PROTO);
        Ok(caller)
    }

    /// The right-most address that is no proxy's: each proxy appends whom it was asked by, so that what is left of that
    /// one was written by the caller itself (RFC 7239 §8.1).
    fn address(&self, peer: SocketAddr, headers: &HeaderMap) -> Result<SocketAddr, Nonsense> {
        let mut caller = peer;
        for value in headers.get_all(FORWARDED_FOR).iter().rev() {
            let value = value.to_str().map_err(|_| Nonsense::For)?;
            for entry in value.rsplit(',') {
                caller = address(entry.trim()).ok_or(Nonsense::For)?;
                if !self.trusts(caller.ip()) {
                    return Ok(caller);
                }
            }
        }
        Ok(caller)
    }
}

/// `192.0.2.1`, `2001:db8::1`, and either with a port as in RFC 7239 §6.
fn address(text: &str) -> Option<SocketAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().map(|address: IpAddr| SocketAddr::new(address, 0));
    address.or_else(|_| text.parse()).ok()
}

/// One scheme or none. With several nobody can say which of them is the caller's.
fn scheme(headers: &HeaderMap) -> Result<Option<Scheme>, Nonsense> {
    let mut values = headers.get_all(FORWARDED_PROTO).iter().map(HeaderValue::as_bytes);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(scheme), None) if scheme.eq_ignore_ascii_case(b"https") => Ok(Some(Scheme::HTTPS)),
        (Some(scheme), None) if scheme.eq_ignore_ascii_case(b"http") => Ok(Some(Scheme::HTTP)),
        _ => Err(Nonsense::Proto),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(peer: &str, forwarded: &[&'static str]) -> Result<String, Nonsense> {
        let proxies = Proxies::trusting(["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.1"]).unwrap();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 1);
        let caller = proxies.caller(peer, &mut headers)?;
        assert!(headers.is_empty());
        Ok(caller.address.ip().to_string())
    }

    #[test]
    fn the_right_most_address_that_is_no_proxys_is_the_callers() {
        for (peer, forwarded, caller) in [
            ("10.0.0.1", &["198.51.100.7"][..], "198.51.100.7"),
            ("192.0.2.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.1.1.1"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.7", "10.1.1.1"], "198.51.100.7"),
            ("10.0.0.1", &["nobody, 198.51.100.7:4711"], "198.51.100.7"),
            ("2001:db8:1::5", &["[2001:db8:2::7]:443,[2001:db8:1::6]"], "2001:db8:2::7"),
            ("10.0.0.1", &["2001:db8:2::7"], "2001:db8:2::7"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["10.2.2.2, 10.3.3.3"], "10.2.2.2"),
            ("198.51.100.1", &["203.0.113.9"], "198.51.100.1"),
            ("192.0.2.2", &["nobody"], "192.0.2.2"),
        ] {
            assert_eq!(resolved(peer, forwarded).as_deref(), Ok(caller), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn nonsense_of_a_proxy_is_refused() {
        for forwarded in
            ["", "nobody", "198.51.100.7,", "198.51.100.7, unknown", "_hidden, 10.1.1.1", "1.2.3"]
        {
            assert_eq!(resolved("10.0.0.1", &[forwarded]), Err(Nonsense::For), "{forwarded:?}");
        }
    }

    #[test]
    fn a_proxy_says_how_it_was_reached() {
        let proxies = Proxies::trusting(["10.0.0.1"]).unwrap();
        let scheme = |peer: &str, values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(FORWARDED_PROTO, HeaderValue::from_static(value));
            }
            proxies.caller(peer.parse().unwrap(), &mut headers).map(|caller| caller.scheme)
        };
        assert_eq!(scheme("10.0.0.1:1", &["HTTPS"]), Ok(Some(Scheme::HTTPS)));
        assert_eq!(scheme("10.0.0.1:1", &["http"]), Ok(Some(Scheme::HTTP)));
        assert_eq!(scheme("10.0.0.1:1", &[]), Ok(None));
        assert_eq!(scheme("10.0.0.2:1", &["https"]), Ok(None), "no proxy");
        for values in [&["https", "http"][..], &["https,http"], &["ws"], &[""]] {
            assert_eq!(scheme("10.0.0.1:1", values), Err(Nonsense::Proto), "{values:?}");
        }
    }

    #[test]
    fn what_names_no_network_is_named() {
        for text in ["", "10.0.0.0/33", "host.example", "10.0.0"] {
            assert_eq!(Proxies::trusting([text]).unwrap_err(), InvalidNetwork(text.into()));
        }
    }
}
