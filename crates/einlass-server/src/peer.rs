//! Who is at the other end of the connection.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The caller's address, put into a request's extensions by whoever accepted the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// The address of a request that came without one: nobody's.
    pub(crate) fn ip_of(extensions: &http::Extensions) -> IpAddr {
        extensions.get::<Self>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip())
    }
}
