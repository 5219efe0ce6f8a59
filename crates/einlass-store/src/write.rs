//! What every write is told besides what it writes: when it happens, and what the audit says of it.

use crate::StoreError;
use crate::audit::{self, AuditEvent};
use einlass_protocol::time::UnixTime;
use sqlx::{Any, Transaction};

/// When something is written, and the audit's event for it. The event is written in the transaction of what it tells
/// of, so that neither is there without the other, and only if something changed.
///
/// Made from an event for what somebody did, or from the time alone for what the platform does by itself.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    pub(crate) now: UnixTime,
    event: Option<&'a AuditEvent>,
}

impl From<UnixTime> for Write<'_> {
    fn from(now: UnixTime) -> Self {
        Self { now, event: None }
    }
}

impl<'a> From<&'a AuditEvent> for Write<'a> {
    fn from(event: &'a AuditEvent) -> Self {
        Self { now: event.at, event: Some(event) }
    }
}

impl Write<'_> {
    /// When it happens.
    #[must_use]
    pub const fn at(self) -> UnixTime {
        self.now
    }

    /// Writes the event down.
    pub(crate) async fn audit(self, transaction: &mut Transaction<'_, Any>) -> Result<(), StoreError> {
        let Some(event) = self.event else {
            return Ok(());
        };
        audit::insert(event).execute(&mut **transaction).await?;
        Ok(())
    }
}
