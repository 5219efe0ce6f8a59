//! `public_url`: what callers know the platform by.

use super::reader::Setting;
use http::uri::Authority;
use std::fmt;
use std::net::IpAddr;

/// `https://` and a host, or `http://` and a loopback one; a port if need be, and nothing behind it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PublicUrl {
    text: String,
    host: String,
}

impl PublicUrl {
    /// The host, in small letters and without the port; IPv6 in brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Setting for PublicUrl {
    fn parse(text: &str) -> Result<Self, String> {
        // RFC 8414 §2: an issuer is compared as it is written, so there is one way to write it.
        let bare =
            "must be https://, a host and a port if need be; write nothing behind it, not even a slash";
        let (scheme, authority) = text.split_once("://").ok_or(bare)?;
        let authority: Authority = authority.parse().map_err(|_| bare)?;
        if !["http", "https"].contains(&scheme)
            || authority.as_str().contains('@')
            || authority.host().is_empty()
        {
            return Err(bare.into());
        }
        let host = authority.host();
        if host.contains(|c: char| c.is_ascii_uppercase()) {
            return Err("must be in small letters; tokens are compared with it letter by letter".into());
        }
        if scheme == "http" && !is_loopback(host) {
            return Err("http is for loopback alone; write https".into());
        }
        Ok(Self { text: text.into(), host: host.into() })
    }
}

fn is_loopback(host: &str) -> bool {
    host.trim_matches(['[', ']'])
        .parse::<IpAddr>()
        .map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_and_host() {
        for (text, host) in [
            ("https://api.example.com", "api.example.com"),
            ("https://api.example.com:8443", "api.example.com"),
            ("http://localhost:8480", "localhost"),
            ("http://127.0.0.1:8480", "127.0.0.1"),
            ("http://[::1]:8480", "[::1]"),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!((url.to_string().as_str(), url.host()), (text, host));
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "api.example.com",
            "https://",
            "https://api.example.com/",
            "https://api.example.com/v1",
            "https://api.example.com?a",
            "https://api.example.com#a",
            "https://user@api.example.com",
            "https://API.example.com",
            "HTTPS://api.example.com",
            "http://api.example.com",
            "http://localhost.example.com",
            "ftp://api.example.com",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
