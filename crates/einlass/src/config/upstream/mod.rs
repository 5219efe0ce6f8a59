//! `[[upstream]]`: an API behind the gateway.

mod described;
mod prefix;
mod timeouts;
mod trust;

use super::reader::{Section, Setting};
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

/// Reads one; `taken` are the prefixes of those before it.
pub(super) fn read(section: &mut Section<'_, '_>, taken: &mut Vec<String>) -> Option<Upstream> {
    let prefix = prefix::read(section, taken);
    of(section, prefix)
}

/// Reads everything else of the one that has this prefix.
pub(super) fn of(section: &mut Section<'_, '_>, prefix: Option<String>) -> Option<Upstream> {
    let url = section.required("url", "say where it is, as \"http://127.0.0.1:5883\"");
    let mode = section.or("mode", "enforce");
    let described = described::read(section);
    let tls = trust::tls(section, url.as_ref());
    let known_by = trust::known_by(section);
    let timeouts = section.table("timeouts", timeouts::read);
    let (documents, settings, policy) = described?;
    Some(Upstream {
        prefix: prefix?,
        url: url?,
        documents,
        settings,
        policy,
        mode: mode?,
        tls,
        known_by: known_by?,
        timeouts: timeouts?,
    })
}

impl Setting for forward::Upstream {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|fault: forward::InvalidUpstream| fault.to_string())
    }
}

impl Setting for Mode {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "enforce" => Ok(Self::Enforce),
            "report" => Ok(Self::Report),
            _ => Err("must be \"enforce\" or \"report\"".into()),
        }
    }
}
