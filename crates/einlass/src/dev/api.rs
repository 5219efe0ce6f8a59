//! The API behind `/erp`: where it is, what describes it, and what the demonstration app asks of it.

use crate::documents::Documents;
use crate::failure::Failure;
use einlass_protocol::policy::Policy;
use einlass_protocol::scope::{MOST_SCOPE_BYTES, ScopeSet};
use einlass_proxy::forward::Upstream;
use einlass_server::emulator::Demonstration;

/// The demonstration ERP, or an API of the user's.
pub(super) struct Api {
    pub(super) documents: Documents,
    /// `None` for the demonstration ERP.
    pub(super) upstream: Option<Upstream>,
    /// What the app asks for, if the user says so.
    pub(super) wished: Option<ScopeSet>,
}

impl Api {
    /// What the demonstration app asks for: what the user says; of the user's API everything that its documents
    /// name; of the demonstration ERP not quite everything.
    pub(super) fn scopes(&self, policy: &Policy) -> Result<ScopeSet, Failure> {
        let scopes = match (&self.wished, &self.upstream) {
            (Some(wished), _) => wished.clone(),
            (None, None) => Demonstration::usual_scopes(),
            (None, Some(_)) => named_in(policy),
        };
        if scopes.to_string().len() <= MOST_SCOPE_BYTES {
            return Ok(scopes);
        }
        let count = scopes.len();
        Err(Failure::Usage(format!(
            "{count} scopes are more than a token can carry; say with --scopes which ones the app asks for"
        )))
    }

    /// What it is, for people.
    pub(super) fn in_words(&self, policy: &Policy) -> String {
        let name = self.upstream.as_ref().map_or_else(|| "the demonstration ERP".into(), ToString::to_string);
        let (operations, documents) = (policy.operations().count(), self.documents.len());
        let plural = if documents == 1 { "" } else { "s" };
        let odd = match self.documents.lint(None).len() {
            0 => String::new(),
            findings => format!("; {findings} findings of `policy lint`"),
        };
        format!("{name} ({operations} operations in {documents} document{plural}{odd})")
    }
}

fn named_in(policy: &Policy) -> ScopeSet {
    let alternatives = policy.operations().flat_map(|operation| operation.security.iter().flatten());
    alternatives.flat_map(|alternative| alternative.scopes().iter().cloned().collect::<Vec<_>>()).collect()
}
