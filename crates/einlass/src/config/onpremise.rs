//! `[[onprem]]`: the ERP of a merchant at its own premises, behind `/api/<database>`.

use super::Upstream;
use super::reader::{Section, Setting};
use super::upstream;
use einlass_protocol::onprem::DatabaseName;
use einlass_proxy::gateway::onpremise_prefix;

/// An ERP at a merchant's own premises.
#[derive(Debug)]
pub(crate) struct OnPremise {
    /// What paths call it, and which keys open it.
    pub(crate) database: DatabaseName,
    /// Everything else.
    pub(crate) upstream: Upstream,
}

/// Reads one; `taken` are the databases of those before it.
pub(super) fn read(section: &mut Section<'_, '_>, taken: &mut Vec<DatabaseName>) -> Option<OnPremise> {
    let database: Option<DatabaseName> =
        section.required("database", "say what its paths call it, as \"eazybusiness\"");
    match &database {
        Some(name) if taken.contains(name) => {
            section.fault("database", "another one has it; each ERP has a name of its own");
        }
        Some(name) => taken.push(name.clone()),
        None => {}
    }
    let upstream = upstream::of(section, database.as_ref().map(onpremise_prefix));
    Some(OnPremise { database: database?, upstream: upstream? })
}

impl Setting for DatabaseName {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "must be 1 to 64 letters, digits, hyphens and underscores".into())
    }
}
