//! `[listener.tls]` and `trusted_proxies`: how callers speak to a listener.

use crate::config::reader::Section;
use einlass_proxy::forward::{ClientIdentity, UpstreamTls};
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How callers speak to a listener.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Transport {
    /// TLS that ends here.
    Tls {
        /// A PEM file: the certificate, followed by those between it and its authority.
        certificate: PathBuf,
        /// A PEM file: its private key.
        key: PathBuf,
    },
    /// Plain HTTP for everybody who gets here: on loopback, or for management alone.
    Plain,
    /// Plain HTTP for the trusted proxies and nobody else; there is at least one.
    PlainBehindProxies,
}

/// The transport and whose forwarded headers are believed.
pub(super) fn read(
    section: &mut Section<'_, '_>,
    address: Option<SocketAddr>,
    is_management: bool,
) -> Option<(Transport, Vec<IpNet>)> {
    let proxies =
        if section.has("trusted_proxies") { section.list("trusted_proxies") } else { Some(Vec::new()) };
    let tls = section.has("tls").then(|| section.table("tls", tls));
    let (address, proxies) = (address?, proxies?);
    let transport = match tls {
        Some(tls) => tls?,
        None if address.ip().is_loopback() || is_management => Transport::Plain,
        None if !proxies.is_empty() => Transport::PlainBehindProxies,
        None => {
            let remedy = "add [listener.tls], or name in trusted_proxies who ends TLS in front of it";
            section.fault("address", format!("plain HTTP is for loopback alone; {remedy}"));
            return None;
        }
    };
    Some((transport, proxies))
}

fn tls(section: &mut Section<'_, '_>) -> Option<Transport> {
    let certificate = section.required_file("certificate", "name the PEM file with the certificate");
    let key = section.required_file("key", "name the PEM file with the certificate's private key");
    let pair = ClientIdentity { certificate: certificate?, key: key? };
    // A pair is a pair, whichever side shows it.
    let checked = UpstreamTls { authority: None, client: Some(pair.clone()) }.config();
    if let Err(fault) = checked {
        section.fault("certificate", fault.to_string());
        return None;
    }
    section.keep_private("key", &pair.key);
    Some(Transport::Tls { certificate: pair.certificate, key: pair.key })
}
