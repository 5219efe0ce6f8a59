//! The first operator: a platform that no admin token opens prints a link that makes one.

use crate::config::{Hosts, Listener, Surface, Transport};
use crate::failure::Failure;
use crate::output;
use einlass_server::Platform;

/// Where the administration is found: the public URL, unless that leads to listeners without it. `None`: nowhere.
pub(super) fn door(listeners: &[Listener], public_url: &impl ToString) -> Option<String> {
    let serves = |listener: &&Listener, surface| listener.surfaces.contains(&surface);
    let mut doors = listeners.iter().filter(|listener| serves(listener, Surface::Admin));
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

/// Prints the link, if one is needed. It goes to standard output alone, and not into the log.
pub(super) async fn invite(platform: &Platform, administered_at: Option<String>) -> Result<(), Failure> {
    let Some(administered_at) = administered_at else {
        return Ok(());
    };
    let code =
        platform.first_operator_code().await.map_err(|fault| Failure::Unavailable(fault.to_string()))?;
    let Some(code) = code else {
        return Ok(());
    };
    output::print(&format!(
        "Nobody can administer this platform yet. Within a day, and once, this link makes an admin token:\n\n  \
         {administered_at}/admin/first#{code}\n\n\
         Paste it into: einlass admin-token claim\n",
        code = code.expose()
    ))
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
    fn the_link_leads_where_the_administration_is() {
        let found = |listeners: &[Listener]| door(listeners, &"https://api.example.com");
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
