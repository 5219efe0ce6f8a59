//! Writing down what was done, before whoever did it hears that it is done.

use super::Actor;
use crate::Platform;
use einlass_store::{AuditEvent, AuditFilter, StoreError};
use uuid::{Builder, Uuid};

impl Platform {
    /// Records that somebody did something: an `action` as `revoke app`, and the id of what it was done to.
    ///
    /// # Errors
    /// When the store does not answer. What was done stays done; whoever asked for it should ask again.
    pub async fn record(&self, actor: &Actor, action: &str, subject: &str) -> Result<(), StoreError> {
        let at = self.clock.wall();
        let event = AuditEvent {
            id: self.event_id(),
            at,
            actor: actor.name.clone(),
            action: action.into(),
            subject: subject.into(),
            outcome: "done".into(),
            detail: String::new(),
            address: actor.address.map(|address| address.to_string()).unwrap_or_default(),
            request_id: actor.request_id.map(|id| id.to_string()).unwrap_or_default(),
        };
        self.store.record_audit(&event).await
    }

    /// At most `limit` of the events that fit, the newest first.
    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditEvent>, StoreError> {
        self.store.audit(filter, limit).await
    }

    /// A UUID of version 7 (RFC 9562 §5.7).
    fn event_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.clock.wall().millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
