//! The audit: who changed what. Nothing is forgotten by itself.

use crate::db::ReadColumn;
use crate::{Store, StoreError};
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// Something that somebody did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEvent {
    /// A UUID of version 7 (RFC 9562 §5.7), so that the order of ids is the order of time.
    pub id: Uuid,
    /// When.
    pub at: UnixTime,
    /// Who: `admin token dev`, `client 4711`.
    pub actor: String,
    /// What, in one word and its object: `revoke app`.
    pub action: String,
    /// To what: the id of the app.
    pub subject: String,
    /// How it ended.
    pub outcome: String,
    /// What else there is to say; may be empty.
    pub detail: String,
    /// Where the request came from; empty where there was none.
    pub address: String,
    /// Which request it was; empty where there was none.
    pub request_id: String,
}

/// Which events to list. What is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// By this actor.
    pub actor: Option<String>,
    /// With this action.
    pub action: Option<String>,
    /// About this subject.
    pub subject: Option<String>,
    /// At this time or later.
    pub since: Option<UnixTime>,
    /// Before this event: the last one of the page before.
    pub before: Option<Uuid>,
}

/// After every UUID.
const END: &str = "g";

impl Store {
    /// Records an event.
    pub async fn record_audit(&self, event: &AuditEvent) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO audit_events
                 (id, at, actor, action, subject, outcome, detail, address, request_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(event.id.to_string())
        .bind(event.at.millis())
        .bind(&event.actor)
        .bind(&event.action)
        .bind(&event.subject)
        .bind(&event.outcome)
        .bind(&event.detail)
        .bind(&event.address)
        .bind(&event.request_id);
        self.db.run(insert).await.map(|_| ())
    }

    /// At most `limit` events, the newest first.
    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditEvent>, StoreError> {
        let select = sqlx::query(
            "SELECT id, at, actor, action, subject, outcome, detail, address, request_id FROM audit_events
             WHERE id < $1 AND at >= $2 AND ($3 = '' OR actor = $3) AND ($4 = '' OR action = $4)
               AND ($5 = '' OR subject = $5)
             ORDER BY id DESC LIMIT $6",
        )
        .bind(filter.before.map_or_else(|| END.into(), |id| id.to_string()))
        .bind(filter.since.map_or(i64::MIN, UnixTime::millis))
        .bind(filter.actor.as_deref().unwrap_or_default())
        .bind(filter.action.as_deref().unwrap_or_default())
        .bind(filter.subject.as_deref().unwrap_or_default())
        .bind(i64::from(limit));
        self.db.all(select).await?.iter().map(event).collect()
    }
}

fn event(row: &AnyRow) -> Result<AuditEvent, StoreError> {
    Ok(AuditEvent {
        id: row.parsed("id")?,
        at: row.time("at")?,
        actor: row.text("actor")?,
        action: row.text("action")?,
        subject: row.text("subject")?,
        outcome: row.text("outcome")?,
        detail: row.text("detail")?,
        address: row.text("address")?,
        request_id: row.text("request_id")?,
    })
}
