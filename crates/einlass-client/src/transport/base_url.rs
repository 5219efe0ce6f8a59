//! Where a credential may be sent.

use reqwest::Url;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The URL that a platform's endpoints begin with: `https://host[:port][/prefix]`.
///
/// Plain `http` is accepted for the loopback interface alone: a secret does not cross a network in clear.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BaseUrl(Url);

/// Why a text is no base URL. The text itself is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// Not an absolute URL with a host.
    #[error("not a URL with a host")]
    NotAUrl,
    /// `http` to another machine, or another scheme.
    #[error("not https, and plain http is for 127.0.0.0/8, [::1] and localhost alone")]
    NotEncrypted,
    /// User name, password, query or fragment.
    #[error("a base URL has no user name, password, query or fragment")]
    MoreThanABase,
}

impl BaseUrl {
    /// The URL of an endpoint. `path` begins with a slash and may have a query. `None` if it does not, or if
    /// the result would be somewhere else than under this base.
    #[must_use]
    pub(crate) fn endpoint(&self, path: &str) -> Option<Url> {
        if !path.starts_with('/') {
            return None;
        }
        let base = self.0.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{path}")).ok()?;
        let prefix = self.0.path().trim_end_matches('/');
        let inside = url.path().strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        (self.0.origin() == url.origin() && inside).then_some(url)
    }

    /// The URL with these segments below this base, each percent-encoded whole (RFC 3986 §3.3). `None` if one is
    /// empty, `.` or `..`, which would make it another path.
    #[must_use]
    pub fn below<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Option<Url> {
        let mut url = self.0.clone();
        let mut path = url.path_segments_mut().ok()?;
        path.pop_if_empty();
        for segment in segments {
            if matches!(segment, "" | "." | "..") {
                return None;
            }
            path.push(segment);
        }
        drop(path);
        Some(url)
    }

    /// The URL of an endpoint whose path we wrote ourselves.
    pub(crate) fn own_endpoint(&self, path: &'static str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url
    }

    /// Whether requests to it are in clear.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Its parts.
    pub(crate) fn as_url(&self) -> &Url {
        &self.0
    }

    /// The same, where `http` is accepted whatever the host: for whoever knows what network is in between.
    pub(crate) fn perhaps_in_clear(text: &str) -> Result<Self, InvalidBaseUrl> {
        Self::read(text, |_| true)
    }

    fn read(text: &str, may_be_plain: impl Fn(&str) -> bool) -> Result<Self, InvalidBaseUrl> {
        let url = Url::parse(text).map_err(|_| InvalidBaseUrl::NotAUrl)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(InvalidBaseUrl::NotAUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if may_be_plain(host) => {}
            _ => return Err(InvalidBaseUrl::NotEncrypted),
        }
        let userinfo = !url.username().is_empty() || url.password().is_some();
        if userinfo || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidBaseUrl::MoreThanABase);
        }
        Ok(Self(url))
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        Self::read(text, is_loopback)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Result<BaseUrl, InvalidBaseUrl> {
        text.parse()
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for text in ["http://127.0.0.1:80", "http://127.9.9.9", "http://[::1]:1/x", "http://LOCALHOST"] {
            assert!(base(text).is_ok(), "{text}");
        }
        for text in ["http://example.com", "http://10.0.0.1", "http://localhost.evil", "ftp://localhost"] {
            assert_eq!(base(text), Err(InvalidBaseUrl::NotEncrypted), "{text}");
        }
        for text in ["", "/path", "localhost", "data:,x"] {
            assert_eq!(base(text), Err(InvalidBaseUrl::NotAUrl), "{text}");
        }
        for text in ["https://a@example.com", "https://example.com?x", "https://example.com#x"] {
            assert_eq!(base(text), Err(InvalidBaseUrl::MoreThanABase), "{text}");
        }
    }

    #[test]
    fn an_endpoint_is_under_its_base() {
        let base = base("https://example.com/einlass/").unwrap();
        let token = "https://example.com/einlass/oauth2/token";
        assert_eq!(base.endpoint("/oauth2/token").unwrap().as_str(), token);
        assert_eq!(base.own_endpoint("/oauth2/token").as_str(), token);
        assert_eq!(base.endpoint("/x?y=/..").unwrap().as_str(), "https://example.com/einlass/x?y=/..");
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let base = base("https://example.com/einlass/").unwrap();
        let url = base.below(["apps", "a/../b?c#d e%2F"]).unwrap();
        assert_eq!(url.as_str(), "https://example.com/einlass/apps/a%2F..%2Fb%3Fc%23d%20e%252F");
        for segment in ["", ".", ".."] {
            assert_eq!(base.below(["apps", segment]), None, "{segment:?}");
        }
    }

    #[test]
    fn no_path_leads_out_of_its_base() {
        let bare = base("https://example.com").unwrap();
        for path in ["x", "", "@evil.example/", ":1/", ".evil.example/", "https://evil.example/"] {
            assert_eq!(bare.endpoint(path), None, "{path}");
        }
        for path in ["//evil.example/x", "/\\evil.example/", "/@evil.example"] {
            assert_eq!(bare.endpoint(path).unwrap().host_str(), Some("example.com"), "{path}");
        }
        let below = base("https://example.com/einlass").unwrap();
        for path in ["/../admin", "/%2e%2e/admin", "/a/../../admin"] {
            assert_eq!(below.endpoint(path), None, "{path}");
        }
    }
}
