//! `[[listener]]`: where callers are answered, and what they find there.

use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

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

/// A part of the platform with callers of its own.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Surface {
    /// `/oauth2`, `/.well-known`.
    Identity,
    /// The gateways and `/account`.
    Api,
    /// `/admin`.
    Admin,
    /// `/livez`, `/readyz`, `/metrics`.
    Management,
}

/// What callers may call a listener. Others get 421 (RFC 9110 §15.5.20).
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Hosts {
    /// One of these names or addresses: in small letters, without a port, IPv6 without brackets.
    These(Vec<String>),
    /// Anything: for management alone, which is asked by address.
    Any,
}

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
