//! `[[listener]]`: where callers are answered, and what they find there.

mod transport;

pub(crate) use einlass_server::router::Surface;
pub(crate) use transport::Transport;

use super::PublicUrl;
use super::pages::Pages;
use super::reader::{Section, Setting};
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::{Ipv6Addr, SocketAddr};

/// An address and what is served at it.
#[derive(Debug)]
pub(crate) struct Listener {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What is found there; not empty.
    pub(crate) surfaces: BTreeSet<Surface>,
    /// What callers may call it.
    pub(crate) hosts: Hosts,
    /// How callers speak to it.
    pub(crate) transport: Transport,
    /// Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub(crate) trusted_proxies: Vec<IpNet>,
}

/// What callers may call a listener. Others get 421 (RFC 9110 §15.5.20).
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Hosts {
    /// One of these names or addresses: in small letters, without a port, IPv6 in brackets.
    These(Vec<String>),
    /// Anything: for management alone, which is asked by address.
    Any,
}

/// What the rest of the configuration says that listeners depend on, as far as it is right.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) public_url: Option<&'a PublicUrl>,
    pub(super) pages: Option<&'a Pages>,
    /// Whether there are marketplace channels.
    pub(super) has_scx: bool,
}

/// Reads one. `taken` are the addresses of those before it.
pub(super) fn read(
    section: &mut Section<'_, '_>,
    known: Known<'_>,
    taken: &mut Vec<SocketAddr>,
) -> Option<Listener> {
    let address = section.required("address", "say where it listens, as 0.0.0.0:443");
    if let Some(address) = address {
        claim(section, address, taken);
    }
    let surfaces = surfaces(section, known.has_scx);
    let is_management = surfaces.as_ref().is_some_and(|surfaces| surfaces.iter().eq([&Surface::Management]));
    let hosts = hosts(section, known, surfaces.as_ref().filter(|_| !is_management));
    let transport = transport::read(section, address, is_management);
    let (surfaces, (transport, trusted_proxies)) = (surfaces?, transport?);
    Some(Listener { address: address?, surfaces, hosts: hosts?, transport, trusted_proxies })
}

fn claim(section: &mut Section<'_, '_>, address: SocketAddr, taken: &mut Vec<SocketAddr>) {
    match taken.iter().find(|other| collide(**other, address)) {
        Some(other) => section.fault("address", format!("another listener has {other}; choose another port")),
        None => taken.push(address),
    }
}

/// Whether two addresses cannot be listened on at once. Port 0 is a free one each time.
fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let covers = |wide: SocketAddr, narrow: SocketAddr| {
        // The wildcard of IPv6 takes IPv4 too.
        wide.ip().is_unspecified() && (wide.is_ipv6() || narrow.is_ipv4())
    };
    let is_same = one.ip() == other.ip() || covers(one, other) || covers(other, one);
    one.port() != 0 && one.port() == other.port() && is_same
}

fn surfaces(section: &mut Section<'_, '_>, has_scx: bool) -> Option<BTreeSet<Surface>> {
    if !section.has("surfaces") {
        let mut usual =
            BTreeSet::from([Surface::Identity, Surface::Api, Surface::Hub, Surface::Partner, Surface::Admin]);
        usual.extend(has_scx.then_some(Surface::Scx));
        let scx = if has_scx { r#""scx", "# } else { "" };
        section.assume("surfaces", &format!(r#"["identity", "api", {scx}"hub", "partner", "admin"]"#));
        return Some(usual);
    }
    let named: Vec<Surface> = section.list("surfaces")?;
    if named.is_empty() {
        section.fault("surfaces", "must not be empty; leave the line out for everything but management");
        return None;
    }
    Some(named.into_iter().collect())
}

fn hosts(
    section: &mut Section<'_, '_>,
    Known { public_url, pages, .. }: Known<'_>,
    surfaces: Option<&BTreeSet<Surface>>,
) -> Option<Hosts> {
    if section.has("hosts") {
        let named: Vec<HostName> = section.list("hosts")?;
        if named.is_empty() {
            section.fault("hosts", "must not be empty; leave the line out for the public URL's host");
            return None;
        }
        return Some(Hosts::These(named.into_iter().map(|HostName(name)| name).collect()));
    }
    let Some(surfaces) = surfaces else { return Some(Hosts::Any) };
    let own = surfaces.iter().filter_map(|surface| pages?.host(*surface));
    let mut hosts: Vec<String> = std::iter::once(public_url?.host()).chain(own).map(Into::into).collect();
    hosts.dedup();
    section.assume("hosts", &format!("[\"{}\"]", hosts.join("\", \"")));
    Some(Hosts::These(hosts))
}

impl Setting for Surface {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "identity" => Ok(Self::Identity),
            "api" => Ok(Self::Api),
            "scx" => Ok(Self::Scx),
            "hub" => Ok(Self::Hub),
            "partner" => Ok(Self::Partner),
            "onprem" => Ok(Self::OnPremise),
            "admin" => Ok(Self::Admin),
            "management" => Ok(Self::Management),
            _ => {
                Err("must be \"identity\", \"api\", \"scx\", \"hub\", \"partner\", \"onprem\", \"admin\" or \
                      \"management\""
                    .into())
            }
        }
    }
}

/// A name or an address, in small letters.
struct HostName(String);

impl Setting for HostName {
    fn parse(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.trim_matches(['[', ']']).parse::<Ipv6Addr>() {
            return Ok(Self(format!("[{address}]")));
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_plain);
        if text.split('.').all(is_label) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err("must be a host name or an IP address; write it without scheme and port".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_collide_with_what_they_cover() {
        let collide = |one: &str, other: &str| {
            let (one, other) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(collide(one, other), collide(other, one));
            collide(one, other)
        };
        assert!(collide("127.0.0.1:1", "127.0.0.1:1") && collide("0.0.0.0:1", "127.0.0.1:1"));
        assert!(collide("[::]:1", "127.0.0.1:1") && collide("[::]:1", "[::1]:1"));
        assert!(!collide("0.0.0.0:1", "[::1]:1") && !collide("127.0.0.1:1", "127.0.0.2:1"));
        assert!(!collide("127.0.0.1:0", "127.0.0.1:0") && !collide("0.0.0.0:1", "0.0.0.0:2"));
    }

    #[test]
    fn hosts_have_neither_scheme_nor_port() {
        for (text, name) in [
            ("API.example.com", "api.example.com"),
            ("[::1]", "[::1]"),
            ("::1", "[::1]"),
            ("10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(HostName::parse(text).unwrap().0, name);
        }
        for text in ["", "https://a", "a:80", "a/b", "a..b", "*", "*.example.com", "a b"] {
            assert!(HostName::parse(text).is_err(), "{text}");
        }
    }
}
