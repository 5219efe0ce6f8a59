//! The audit: who changed or tried what. Nothing is forgotten by itself.

use crate::db::{ReadColumn, Statement};
use crate::{Store, StoreError};
use einlass_protocol::time::UnixTime;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;
use uuid::Uuid;

/// Something that somebody did or tried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEvent {
    /// A UUID of version 7 (RFC 9562 §5.7) of the time below, so that the order of ids is the order of time.
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
    pub outcome: Outcome,
    /// What else there is to say; may be empty.
    pub detail: String,
    /// Where the request came from; empty where there was none.
    pub address: String,
    /// Which request it was; empty where there was none.
    pub request_id: String,
}

/// How something ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// Whoever wanted it may not.
    Refused,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Refused => "refused",
        })
    }
}

/// A text that names no outcome.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("neither `done` nor `refused`")]
pub struct InvalidOutcome;

impl FromStr for Outcome {
    type Err = InvalidOutcome;

    fn from_str(text: &str) -> Result<Self, InvalidOutcome> {
        match text {
            "done" => Ok(Self::Done),
            "refused" => Ok(Self::Refused),
            _ => Err(InvalidOutcome),
        }
    }
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
    /// That ended like this.
    pub outcome: Option<Outcome>,
    /// At this time or later.
    pub since: Option<UnixTime>,
    /// Before this time.
    pub until: Option<UnixTime>,
    /// Before this event: the last one of the page before.
    pub before: Option<Uuid>,
}

/// After every UUID.
const END: &str = "g";

impl Store {
    /// Records events: all or none.
    pub async fn record_audit(&self, events: &[AuditEvent]) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        for event in events {
            insert(event).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// At most `limit` events, the newest first.
    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditEvent>, StoreError> {
        let (statement, values) = select(filter);
        let mut select = sqlx::query(AssertSqlSafe(statement));
        if values.is_empty() {
            let until = filter.until.map_or_else(|| END.into(), first_id);
            select = select.bind(filter.before().min(until));
            select = select.bind(filter.since.map(first_id).unwrap_or_default());
        } else {
            let since = filter.since.map_or(i64::MIN, UnixTime::millis);
            select = select.bind(filter.before()).bind(since).bind(filter.last_millis());
        }
        for value in values {
            select = select.bind(value);
        }
        self.db.all(select.bind(i64::from(limit))).await?.iter().map(event).collect()
    }
}

/// Not above any id of this time, and above those before it (RFC 9562 §5.7: 48 bits of milliseconds come first).
fn first_id(time: UnixTime) -> String {
    let millis = time.millis().clamp(0, (1 << 48) - 1);
    format!("{:08x}-{:04x}", millis >> 16, millis & 0xffff)
}

/// All events, in the order of their ids.
const ALL: &str =
    "SELECT id, at, actor, action, subject, outcome, detail, address, request_id FROM audit_events
     WHERE id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3";

/// The statement for a filter, and what is bound to it between the times and the limit. There is an index for each set of
/// columns that are to be equal to something, in the order of time and then of the ids. Of one subject there are few events:
/// with that one alone is looked up, and what else is to be equal is no column's value by itself, so that no planner looks that
/// up instead.
pub(crate) fn select(filter: &AuditFilter) -> (String, Vec<String>) {
    let outcome = filter.outcome.map(|outcome| outcome.to_string());
    let columns = [
        ("subject", filter.subject.clone()),
        ("actor", filter.actor.clone()),
        ("action", filter.action.clone()),
        ("outcome", outcome),
    ];
    let (mut conditions, mut values) = (String::new(), Vec::new());
    for (column, value) in columns {
        let Some(value) = value else { continue };
        let looked_at = if values.is_empty() || filter.subject.is_none() { "" } else { " || ''" };
        values.push(value);
        // $1 to $3 are the times.
        let _ = write!(conditions, " AND {column}{looked_at} = ${}", values.len() + 3);
    }
    if values.is_empty() {
        return (ALL.into(), values);
    }
    let statement = format!(
        "SELECT id, at, actor, action, subject, outcome, detail, address, request_id FROM audit_events
         WHERE id < $1 AND at >= $2 AND at <= $3{conditions} ORDER BY at DESC, id DESC LIMIT ${}",
        values.len() + 4
    );
    (statement, values)
}

impl AuditFilter {
    /// What the ids that count are below.
    fn before(&self) -> String {
        self.before.map_or_else(|| END.into(), |id| id.to_string())
    }

    /// The last millisecond that counts.
    fn last_millis(&self) -> i64 {
        let before = self.before.and_then(|id| i64::try_from(id.as_u128() >> 80).ok()).unwrap_or(i64::MAX);
        before.min(self.until.map_or(i64::MAX, |until| until.millis().saturating_sub(1)))
    }
}

pub(crate) fn insert(event: &AuditEvent) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO audit_events (id, at, actor, action, subject, outcome, detail, address, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(event.id.to_string())
    .bind(event.at.millis())
    .bind(&event.actor)
    .bind(&event.action)
    .bind(&event.subject)
    .bind(event.outcome.to_string())
    .bind(&event.detail)
    .bind(&event.address)
    .bind(&event.request_id)
}

fn event(row: &AnyRow) -> Result<AuditEvent, StoreError> {
    Ok(AuditEvent {
        id: row.parsed("id")?,
        at: row.time("at")?,
        actor: row.text("actor")?,
        action: row.text("action")?,
        subject: row.text("subject")?,
        outcome: row.parsed("outcome")?,
        detail: row.text("detail")?,
        address: row.text("address")?,
        request_id: row.text("request_id")?,
    })
}
