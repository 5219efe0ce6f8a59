//! `openapi` and `allow_public`: what describes an upstream, compiled.

use crate::config::reader::Section;
use crate::documents::Documents;
use einlass_protocol::policy::{Policy, Settings};

/// The documents, what was decided about them, and what both make.
pub(super) fn read(section: &mut Section<'_, '_>) -> Option<(Documents, Settings, Policy)> {
    let allow_public = section.or("allow_public", "false");
    if !section.has("openapi") {
        section.missing("openapi", "name the OpenAPI documents that describe it, as [\"erp.yaml\"]");
        return None;
    }
    let files = section.files("openapi")?;
    if files.is_empty() {
        section.fault("openapi", "must not be empty; without a document no call can be let in");
        return None;
    }
    let documents = match Documents::read(&files) {
        Ok(documents) => documents,
        Err(failure) => {
            section.fault("openapi", failure.to_string());
            return None;
        }
    };
    let settings = Settings { allow_public: allow_public? };
    match documents.policy(settings) {
        Ok(policy) => Some((documents, settings, policy)),
        Err(faults) => {
            for fault in faults {
                // A parser may draw the place below what it says.
                section.fault("openapi", fault.lines().next().unwrap_or_default());
            }
            None
        }
    }
}
