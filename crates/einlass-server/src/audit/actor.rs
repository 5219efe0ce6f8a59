//! Who acts, from where, in which request.

use crate::peer::Peer;
use crate::request_id::RequestId;
use http::{Extensions, Request};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// What an actor is called who is not known by name.
const STRANGER: &str = "somebody";

/// Who acts, for the log and the audit.
#[derive(Clone, Debug)]
pub struct Actor {
    /// What it is called, with its kind: `client 4711`, `admin token dev`, `the platform`.
    pub name: String,
    /// Where its request came from, if it was one.
    pub address: Option<IpAddr>,
    /// Which request it was.
    pub request_id: Option<Uuid>,
}

impl Actor {
    /// Whoever sent this request, not known by name yet.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        Self::of_extensions(request.extensions())
    }

    /// Whoever sent the request with these extensions, not known by name yet.
    #[must_use]
    pub fn of_extensions(extensions: &Extensions) -> Self {
        let address = extensions.get::<Peer>().map(|peer| peer.0.ip());
        let request_id = extensions.get::<RequestId>().map(|id| id.0);
        Self { name: STRANGER.into(), address, request_id }
    }

    /// Where its request came from; nobody's address when there was none.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// The platform itself, when its time has come.
    #[must_use]
    pub fn platform() -> Self {
        Self { name: "the platform".into(), address: None, request_id: None }
    }

    /// Whether it is known by name.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.name != STRANGER
    }

    /// The same, known by name.
    #[must_use]
    pub fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
