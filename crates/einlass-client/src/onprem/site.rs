//! Where a merchant's ERP is.

use crate::transport::{BaseUrl, InvalidBaseUrl};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// One database of a merchant's ERP: `https://host[:port]/api/<database>`.
///
/// The API key and the challenge code travel in headers, and whoever reads one of them on the way has the merchant's data.
/// So `http` is accepted for the loopback interface alone, as everywhere in this crate. On-premise ERPs often have no
/// certificate, though, and are reached over nothing but the merchant's own network. That is for the caller to know and to
/// say, by [`Site::on_own_network`]; no URL, redirect or answer can say it. A site in clear is a type of its own and opens
/// nothing but on-premise calls: no client secret and no access token follows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Site(BaseUrl);

/// Why a text is no site. The text itself is not repeated.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSite {
    /// Not a URL that a secret may be sent to.
    #[error(transparent)]
    Url(#[from] InvalidBaseUrl),
    /// It does not name a database.
    #[error("it does not end in /api/<database>, as https://erp.example:5883/api/eazybusiness does")]
    NoDatabase,
    /// In clear to an address that is on nobody's own network.
    #[error("plain http to a public address; one's own network has private addresses")]
    PublicInClear,
}

impl Site {
    /// A site that may be reached in clear, because nothing but the caller's own network is in between.
    ///
    /// An address that is on no private network is refused all the same. A name is believed.
    pub fn on_own_network(text: &str) -> Result<Self, InvalidSite> {
        let base = BaseUrl::perhaps_in_clear(text)?;
        if base.is_plain() && base.as_url().host_str().is_some_and(is_public) {
            return Err(InvalidSite::PublicInClear);
        }
        Self::of(base)
    }

    fn of(base: BaseUrl) -> Result<Self, InvalidSite> {
        let mut ends = base.as_url().path().trim_end_matches('/').rsplit('/');
        let (database, api) = (ends.next().unwrap_or_default(), ends.next().unwrap_or_default());
        if database.is_empty() || !api.eq_ignore_ascii_case("api") {
            return Err(InvalidSite::NoDatabase);
        }
        Ok(Self(base))
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.0
    }
}

impl FromStr for Site {
    type Err = InvalidSite;

    fn from_str(text: &str) -> Result<Self, InvalidSite> {
        Self::of(text.parse()?)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn is_public(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.is_ok_and(|address| match address.to_canonical() {
        IpAddr::V4(v4) => {
            !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || is_shared(v4.octets()))
        }
        IpAddr::V6(v6) => !(v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local()),
    })
}

/// 100.64.0.0/10 (RFC 6598), which private networks over the internet use.
fn is_shared([first, second, ..]: [u8; 4]) -> bool {
    first == 100 && second & 0b1100_0000 == 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_ends_in_its_database() {
        for text in ["https://erp.example:5883/api/eazybusiness", "https://erp.example/jtl/API/Mandant_2/"] {
            assert!(text.parse::<Site>().is_ok(), "{text}");
        }
        for text in
            ["https://erp.example", "https://erp.example/api/", "https://erp.example/api/eazybusiness/v2"]
        {
            assert_eq!(text.parse::<Site>(), Err(InvalidSite::NoDatabase), "{text}");
        }
    }

    #[test]
    fn nothing_is_plain_beyond_loopback_unless_somebody_says_so() {
        let url = |host: &str| format!("http://{host}/api/eazybusiness");
        for host in ["127.0.0.1:5883", "[::1]", "localhost"] {
            assert!(url(host).parse::<Site>().is_ok() && Site::on_own_network(&url(host)).is_ok(), "{host}");
        }
        for host in
            ["erp", "erp.local:5883", "10.0.0.7", "192.168.1.2", "100.64.0.1", "[fd00::1]", "[fe80::1]"]
        {
            assert_eq!(url(host).parse::<Site>(), Err(InvalidBaseUrl::NotEncrypted.into()), "{host}");
            assert!(Site::on_own_network(&url(host)).is_ok(), "{host}");
        }
        for host in ["203.0.113.7", "100.128.0.1", "172.32.0.1", "[2001:db8::1]", "[::ffff:203.0.113.7]"] {
            assert_eq!(Site::on_own_network(&url(host)), Err(InvalidSite::PublicInClear), "{host}");
        }
        assert!(Site::on_own_network("https://203.0.113.7/api/eazybusiness").is_ok());
    }
}
