//! `[[upstream]]`: an API behind the gateway.

use crate::documents::Documents;
use crate::node::KnownBy;
use einlass_protocol::policy;
use einlass_proxy::forward::{self, Timeouts, UpstreamTls};
use einlass_proxy::gateway::Mode;

/// An API behind the gateway. Its parts are those of a [`crate::node::Door`].
#[derive(Debug)]
pub(crate) struct Upstream {
    /// What comes before its paths: begins with `/`, does not end with one.
    pub(crate) prefix: String,
    /// Where it is.
    pub(crate) url: forward::Upstream,
    /// The documents that describe it, to be followed.
    pub(crate) documents: Documents,
    /// What was decided about them.
    pub(crate) settings: policy::Settings,
    /// What both make.
    pub(crate) policy: policy::Policy,
    /// Whether callers are held to their scopes.
    pub(crate) mode: Mode,
    /// How it is recognised by TLS, and we by it.
    pub(crate) tls: UpstreamTls,
    /// What else it knows us by.
    pub(crate) known_by: KnownBy,
    /// How long to wait for it.
    pub(crate) timeouts: Timeouts,
}
