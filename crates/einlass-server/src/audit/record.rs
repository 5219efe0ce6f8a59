//! The audit's events. The store writes an event in the transaction of what it tells of, before whoever did it hears
//! that it is done.

use super::Actor;
use crate::Platform;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, AuditFilter, Outcome, StoreError};
use uuid::Uuid;

impl Platform {
    /// What the audit will say of something that somebody does now: an `action` as `revoke app`, the id of what it is
    /// done to, and what else there is to say.
    #[must_use]
    pub fn event(&self, actor: &Actor, action: &str, subject: &str, detail: &str) -> AuditEvent {
        let at = self.clock.wall();
        AuditEvent {
            id: self.ordered_id(at),
            at,
            actor: actor.name.clone(),
            action: action.into(),
            subject: subject.into(),
            outcome: Outcome::Done,
            detail: detail.into(),
            address: actor.address.map(|address| address.to_string()).unwrap_or_default(),
            request_id: actor.request_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// At most `limit` of the events that fit, the newest first.
    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditEvent>, StoreError> {
        self.store.audit(filter, limit).await
    }

    /// An id for what is listed in the order in which it came.
    pub(crate) fn ordered_id(&self, at: UnixTime) -> Uuid {
        self.random.ordered_id(at)
    }
}
