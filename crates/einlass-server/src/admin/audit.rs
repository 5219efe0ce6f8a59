//! `GET /admin/api/audit`: what was changed or refused, the newest first.

use super::fields::{Moment, Name, Parsed};
use super::input::Asked;
use super::listing::{Limit, Listing, after};
use super::time::Time;
use super::{Admin, AdminError};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_store::{AuditEvent, AuditFilter, Outcome};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Which events.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    actor: Option<Name>,
    action: Option<Name>,
    subject: Option<Name>,
    outcome: Option<Parsed<Outcome>>,
    since: Option<Moment>,
    until: Option<Moment>,
    after: Option<String>,
    #[serde(default)]
    limit: Limit,
}

impl Question {
    fn filter(self) -> Result<AuditFilter, AdminError> {
        Ok(AuditFilter {
            actor: self.actor.map(|Name(name)| name),
            action: self.action.map(|Name(name)| name),
            subject: self.subject.map(|Name(name)| name),
            outcome: self.outcome.map(|Parsed(outcome)| outcome),
            since: self.since.map(|Moment(time)| time),
            until: self.until.map(|Moment(time)| time),
            before: self.after.map(|key| after(&key)).transpose()?,
        })
    }
}

/// An event in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: Uuid,
    at: Time,
    actor: String,
    action: String,
    subject: String,
    outcome: String,
    detail: String,
    address: String,
    request_id: String,
}

impl From<AuditEvent> for View {
    fn from(event: AuditEvent) -> Self {
        Self {
            id: event.id,
            at: event.at.into(),
            actor: event.actor,
            action: event.action,
            subject: event.subject,
            outcome: event.outcome.to_string(),
            detail: event.detail,
            address: event.address,
            request_id: event.request_id,
        }
    }
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(question): Asked<Question>,
) -> Result<Json<Listing<View>>, AdminError> {
    let Limit(size) = question.limit;
    let events = platform.audit(&question.filter()?, size.rows().into()).await?;
    Ok(Json(Listing::of(events, size, |event| event.id.to_string(), View::from)))
}
