//! `[pages]`: at which hosts the surfaces are that have one of their own.

use super::listener::{Hosts, Listener, Surface, Transport};
use super::public_url::PublicUrl;
use super::reader::Section;
use einlass_protocol::oauth::FirstParty;
use std::collections::BTreeMap;

/// Where surfaces are that are not where their listener is found anyway.
#[derive(Debug, Default)]
pub(crate) struct Pages(BTreeMap<FirstParty, PublicUrl>);

const SURFACES: [(&str, FirstParty); 4] = [
    ("hub", FirstParty::Hub),
    ("partner", FirstParty::Partner),
    ("admin", FirstParty::Console),
    ("onprem", FirstParty::OnPremise),
];

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Pages> {
    let mut pages = BTreeMap::new();
    for (key, surface) in SURFACES {
        if section.has(key) {
            pages.insert(surface, section.optional(key)?);
        }
    }
    Some(Pages(pages))
}

impl Pages {
    /// The host of a surface's own.
    pub(super) fn host(&self, surface: Surface) -> Option<&str> {
        self.0.get(&surface.pages()?).map(PublicUrl::host)
    }

    /// Every surface that has pages, and where: here, or at another node that these lines tell of.
    pub(super) fn homes(
        &self,
        listeners: &[Listener],
        public_url: &PublicUrl,
    ) -> BTreeMap<FirstParty, String> {
        let found = Surface::ALL.into_iter().filter_map(|surface| {
            let home = self.0.get(&surface.pages()?).map(ToString::to_string);
            Some((surface.pages()?, home.or_else(|| door(listeners, surface, public_url))?))
        });
        found.collect()
    }
}

/// Where a surface is found: at the public URL, unless that leads to listeners without it. `None`: nowhere.
fn door(listeners: &[Listener], surface: Surface, public_url: &impl ToString) -> Option<String> {
    let serves = |listener: &&Listener, surface| listener.surfaces.contains(&surface);
    let mut doors = listeners.iter().filter(|listener| serves(listener, surface));
    let is_public = |door: &Listener| serves(&door, Surface::Identity) || serves(&door, Surface::Api);
    let first = doors.clone().next()?;
    let nothing_is_public = !listeners.iter().any(is_public);
    if nothing_is_public || doors.any(is_public) {
        return Some(public_url.to_string());
    }
    Some(own_url(first))
}

/// A listener under a name that it answers to.
fn own_url(Listener { address, hosts, transport, .. }: &Listener) -> String {
    let scheme = if matches!(transport, Transport::Tls { .. }) { "https" } else { "http" };
    let by_address = address.to_string();
    let host = by_address.rsplit_once(':').map_or(by_address.as_str(), |(host, _)| host);
    let host = match hosts {
        Hosts::These(names) if !names.iter().any(|name| name == host) => {
            names.first().map_or(host, |name| name)
        }
        _ => host,
    };
    format!("{scheme}://{host}:{}", address.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn listener(address: &str, surfaces: &[Surface], hosts: &[&str]) -> Listener {
        Listener {
            address: address.parse().unwrap(),
            surfaces: surfaces.iter().copied().collect::<BTreeSet<_>>(),
            hosts: Hosts::These(hosts.iter().map(|&host| host.to_owned()).collect()),
            transport: Transport::Plain,
            trusted_proxies: Vec::new(),
        }
    }

    #[test]
    fn a_surface_is_where_a_listener_serves_it() {
        let found = |listeners: &[Listener]| door(listeners, Surface::Admin, &"https://api.example.com");
        let calls = || listener("0.0.0.0:443", &[Surface::Identity, Surface::Api], &["api.example.com"]);
        let admin = |hosts| listener("127.0.0.1:9443", &[Surface::Admin], hosts);
        let everything = || listener("0.0.0.0:443", &[Surface::Api, Surface::Admin], &["api.example.com"]);
        assert_eq!(found(&[everything()]).unwrap(), "https://api.example.com");
        assert_eq!(found(&[everything(), admin(&["inner"])]).unwrap(), "https://api.example.com");
        assert_eq!(found(&[calls(), admin(&["inner"])]).unwrap(), "http://inner:9443");
        assert_eq!(found(&[calls(), admin(&["inner", "127.0.0.1"])]).unwrap(), "http://127.0.0.1:9443");
        assert_eq!(found(&[admin(&["api.example.com"])]).unwrap(), "https://api.example.com");
        assert_eq!(found(&[calls()]), None);
    }
}
