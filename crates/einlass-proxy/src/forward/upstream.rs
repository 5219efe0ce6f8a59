//! Where requests are forwarded to. Nothing of a request but its path and query can change it.

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use std::fmt;
use std::str::FromStr;

/// The base URL of an upstream, such as `http://127.0.0.1:5883/api/eazybusiness`.
#[derive(Clone, Debug)]
pub struct Upstream {
    scheme: Scheme,
    authority: Authority,
    base: String,
}

/// Why a text is no base URL of an upstream.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an upstream is `http://` or `https://`, a host, and a path if need be; no user, query or fragment")]
pub struct InvalidUpstream;

impl FromStr for Upstream {
    type Err = InvalidUpstream;

    fn from_str(text: &str) -> Result<Self, InvalidUpstream> {
        let parts = text.parse::<Uri>().map_err(|_| InvalidUpstream)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(InvalidUpstream);
        };
        let known = scheme == Scheme::HTTP || scheme == Scheme::HTTPS;
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        if !known || authority.as_str().contains('@') || path.query().is_some() || text.contains('#') {
            return Err(InvalidUpstream);
        }
        Ok(Self { scheme, authority, base: path.path().trim_end_matches('/').to_owned() })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base)
    }
}

impl Upstream {
    /// Path and query of the target for a path that begins with `/`, and the query as it came.
    pub(crate) fn target(&self, path: &str, query: Option<&str>) -> Result<PathAndQuery, http::Error> {
        let mut text = String::with_capacity(self.base.len() + path.len() + query.map_or(0, |q| q.len() + 1));
        text.push_str(&self.base);
        text.push_str(path);
        if let Some(query) = query {
            text.push('?');
            text.push_str(query);
        }
        Ok(text.try_into()?)
    }

    /// Such a target with scheme and host.
    pub(super) fn absolute(&self, target: PathAndQuery) -> Result<Uri, http::Error> {
        let uri = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        uri.path_and_query(target).build()
    }

    /// Whether it is reached without TLS.
    pub(super) fn is_plain(&self) -> bool {
        self.scheme == Scheme::HTTP
    }

    /// What `Host` says of it: without the port where that is the scheme's own (RFC 9110 §4.2.3).
    pub(super) fn host(&self) -> HeaderValue {
        let own = if self.is_plain() { 80 } else { 443 };
        let host = match self.authority.port_u16() {
            Some(port) if port == own => self.authority.host(),
            _ => self.authority.as_str(),
        };
        // An authority is visible ASCII, so this is never the alternative.
        HeaderValue::from_str(host).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_appended_to_the_base() {
        for (base, target) in [
            ("http://erp", "http://erp/v2/info?a=b"),
            ("http://erp/", "http://erp/v2/info?a=b"),
            ("https://erp:5883/api/db/", "https://erp:5883/api/db/v2/info?a=b"),
        ] {
            let upstream: Upstream = base.parse().unwrap();
            let path = upstream.target("/v2/info", Some("a=b")).unwrap();
            assert_eq!(upstream.absolute(path).unwrap(), target);
            assert_eq!(format!("{upstream}/v2/info?a=b"), target);
        }
    }

    #[test]
    fn a_host_is_named_with_its_port_unless_that_is_usual() {
        for (base, host) in [
            ("http://erp", "erp"),
            ("http://erp:80/api", "erp"),
            ("http://erp:443", "erp:443"),
            ("https://erp:443", "erp"),
            ("http://[2001:db8::1]:5883", "[2001:db8::1]:5883"),
        ] {
            assert_eq!(base.parse::<Upstream>().unwrap().host(), host, "{base}");
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for text in ["", "erp", "/api", "ftp://erp", "http://user@erp", "http://erp/?a", "http://erp/#a"] {
            assert_eq!(text.parse::<Upstream>().unwrap_err(), InvalidUpstream, "{text:?}");
        }
    }
}
