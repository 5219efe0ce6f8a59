//! Addresses of pages that we show or lead to.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

const MOST_BYTES: usize = 2_000;

/// An absolute address: `https`, or `http` on loopback. Its host is a name in ASCII or an address, it holds no user name, and
/// no character that means anything in a header or in a policy for browsers stands in its origin.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WebUrl {
    whole: String,
    origin: String,
}

/// Why a text is no address of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidWebUrl {
    /// Not `scheme://host/…`, or too long, or with spaces and the like.
    #[error("must be an absolute URL, as https://app.example.com/setup")]
    Malformed,
    /// Another scheme, or `http` off loopback.
    #[error("must begin with https:// (http:// on loopback alone)")]
    Scheme,
    /// A host that is no name and no address.
    #[error(
        "must have a host of letters, digits, dots and hyphens (others in Punycode), with a port if need be"
    )]
    Host,
}

impl WebUrl {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// Scheme, host and port, in the spelling of browsers (RFC 6454 §6.2).
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl FromStr for WebUrl {
    type Err = InvalidWebUrl;

    fn from_str(text: &str) -> Result<Self, InvalidWebUrl> {
        let is_odd = |byte: u8| !byte.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&byte);
        if text.len() > MOST_BYTES || text.bytes().any(is_odd) {
            return Err(InvalidWebUrl::Malformed);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidWebUrl::Malformed)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
        let (host, port) = host_and_port(&authority).ok_or(InvalidWebUrl::Host)?;
        let usual = match scheme.as_str() {
            "https" => 443,
            "http" if is_loopback(host) => 80,
            _ => return Err(InvalidWebUrl::Scheme),
        };
        let port = port.filter(|port| *port != usual).map(|port| format!(":{port}")).unwrap_or_default();
        let origin = format!("{scheme}://{host}{port}");
        let path = if path.starts_with('/') { path.into() } else { format!("/{path}") };
        Ok(Self { whole: format!("{origin}{path}"), origin })
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at(end);
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let port = match (port, port.strip_prefix(':')) {
        ("", _) => None,
        (_, Some(port)) if digits(port) => Some(port.parse().ok()?),
        _ => return None,
    };
    is_host(host).then_some((host, port))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    // What ends in a number is an address, or nothing: browsers read `1` and `0x7f.1` as addresses.
    let ends_in_number =
        host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
    host.len() <= 253
        && host.split('.').all(is_label)
        && (!ends_in_number || host.parse::<Ipv4Addr>().is_ok())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_spelled_as_browsers_spell_it() {
        for (text, origin, whole) in [
            (
                "https://App.Example.com/setup?a=b#c",
                "https://app.example.com",
                "https://app.example.com/setup?a=b#c",
            ),
            ("HTTPS://a.example:443", "https://a.example", "https://a.example/"),
            ("https://a.example:8443?x", "https://a.example:8443", "https://a.example:8443/?x"),
            ("http://127.0.0.1:8481/", "http://127.0.0.1:8481", "http://127.0.0.1:8481/"),
            ("http://localhost:80/A", "http://localhost", "http://localhost/A"),
            ("http://[::1]:5000/", "http://[::1]:5000", "http://[::1]:5000/"),
        ] {
            let url: WebUrl = text.parse().unwrap();
            assert_eq!((url.origin(), url.as_str()), (origin, whole));
        }
    }

    #[test]
    fn what_a_browser_could_read_otherwise_is_refused() {
        use InvalidWebUrl as I;
        for (text, fault) in [
            ("", I::Malformed),
            ("/setup", I::Malformed),
            ("javascript:alert(1)", I::Malformed),
            ("https://a.example/a b", I::Malformed),
            ("https://a.example/\u{e4}", I::Malformed),
            ("https://a.example\\@b.example/", I::Malformed),
            ("javascript://a.example/%0aalert(1)", I::Scheme),
            ("http://a.example/", I::Scheme),
            ("http://localhost.evil.example/", I::Scheme),
            ("ftp://a.example/", I::Scheme),
            ("https://", I::Host),
            ("https://user@a.example/", I::Host),
            ("https://a.example;script-src/", I::Host),
            ("https://*.example/", I::Host),
            ("https://a..example/", I::Host),
            ("https://a.example:/", I::Host),
            ("https://a.example:99999/", I::Host),
            ("https://2130706433/", I::Host),
            ("https://a.0x7f/", I::Host),
            ("https://-a.example/", I::Host),
        ] {
            assert_eq!(text.parse::<WebUrl>(), Err(fault), "{text}");
        }
    }
}
