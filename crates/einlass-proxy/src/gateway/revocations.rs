//! What was revoked: the whole list, pushed by the platform and complete in memory.

use super::refusal::Refusal;
use arc_swap::ArcSwap;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::TenantId;
use einlass_protocol::revocation::DenyList;
use std::sync::Arc;

/// A handle to the deny list of a gateway. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Revocations(Arc<ArcSwap<DenyList>>);

impl Revocations {
    /// Puts a list in place of the one before. When this returns no call is let in by the old one, but for those
    /// that have been judged already.
    pub fn replace(&self, list: DenyList) {
        self.0.store(Arc::new(list));
    }

    /// Refuses a token that was revoked. Entries for tenants count once the tenant is known.
    pub(super) fn check(&self, claims: &AccessClaims, tenant: Option<TenantId>) -> Result<(), Refusal> {
        self.0.load().denies(claims, tenant).map_or(Ok(()), |denied| Err(Refusal::Revoked(denied)))
    }
}
