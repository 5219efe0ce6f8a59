//! What was revoked: the whole list, pushed by the platform and complete in memory.

use super::refusal::Refusal;
use arc_swap::ArcSwap;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::TenantId;
use einlass_protocol::revocation::DenyList;
use einlass_protocol::scx::ScxClaims;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a list counts that nobody has confirmed: with what is not known any more nobody is let in.
const COUNTS_FOR: Duration = Duration::from_secs(30);
/// Nobody confirms the list, so that it counts for ever.
const UNSUPERVISED: u64 = u64::MAX;

/// A handle to the deny list of a gateway. Clones share it.
#[derive(Clone, Debug)]
pub struct Revocations(Arc<Known>);

#[derive(Debug)]
struct Known {
    list: ArcSwap<DenyList>,
    /// When the list was complete for the last time: milliseconds of the monotonic clock.
    confirmed: AtomicU64,
}

impl Default for Revocations {
    /// An empty list, which counts for ever unless somebody begins to confirm it.
    fn default() -> Self {
        Self(Arc::new(Known { list: ArcSwap::default(), confirmed: AtomicU64::new(UNSUPERVISED) }))
    }
}

impl Revocations {
    /// Puts a list in place of the one before. When this returns no call is let in by the old one, but for those
    /// that have been judged already.
    pub fn replace(&self, list: DenyList) {
        self.0.list.store(Arc::new(list));
    }

    /// Says that the list is complete, as of this time of the monotonic clock. Whoever does so once must go on: half a
    /// minute later nobody is let in any more.
    pub fn confirm(&self, now: Duration) {
        self.0.confirmed.store(millis(now), Ordering::Relaxed);
    }

    /// Refuses a token that was revoked, and every token while it is not known what was. Entries for tenants count
    /// once the tenant is known.
    pub(super) fn check(
        &self,
        claims: &AccessClaims,
        tenant: Option<TenantId>,
        now: Duration,
    ) -> Result<(), Refusal> {
        self.is_heard(now)?;
        self.0.list.load().denies(claims, tenant).map_or(Ok(()), |denied| Err(Refusal::Revoked(denied)))
    }

    /// The same of a channel's or a seller's token.
    pub(super) fn check_scx(&self, claims: &ScxClaims, now: Duration) -> Result<(), Refusal> {
        self.is_heard(now)?;
        self.0.list.load().denies_scx(claims).map_or(Ok(()), |denied| Err(Refusal::Revoked(denied)))
    }

    fn is_heard(&self, now: Duration) -> Result<(), Refusal> {
        let confirmed = self.0.confirmed.load(Ordering::Relaxed);
        if millis(now) > confirmed.saturating_add(millis(COUNTS_FOR)) {
            return Err(Refusal::Unheard);
        }
        Ok(())
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(UNSUPERVISED)
}
