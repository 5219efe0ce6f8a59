//! `/admin/audit`: who changed or tried what, the newest first; and the same as a file.

use super::Operator;
use super::words::Console;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::Asked;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, AuditFilter, Outcome};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How many events a page shows, and how many a file has.
const ROWS: u16 = 50;
const MOST_LINES: u32 = 10_000;
const DAY: Duration = Duration::from_hours(24);

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    asked: Filters,
    is_first: bool,
    events: Vec<AuditEvent>,
    /// Before which event the next page begins.
    more: Option<Uuid>,
}

/// As a form sends them: what is empty does not matter.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Filters {
    #[serde(skip_serializing_if = "String::is_empty")]
    actor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    action: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    subject: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    outcome: String,
    /// The first and the last day, in UTC.
    #[serde(skip_serializing_if = "String::is_empty")]
    since: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    until: String,
    #[serde(skip_serializing)]
    before: Option<Uuid>,
}

impl Filters {
    fn filter(&self) -> Result<AuditFilter, Fault> {
        let outcome = given(&self.outcome).map(|text| text.parse::<Outcome>()).transpose();
        Ok(AuditFilter {
            actor: given(&self.actor),
            action: given(&self.action),
            subject: given(&self.subject),
            outcome: outcome.map_err(|_| Fault::Unreadable)?,
            since: given(&self.since).map(|text| day(&text)).transpose()?,
            until: given(&self.until).map(|text| day(&text)).transpose()?.map(|last| last.plus(DAY)),
            before: self.before,
        })
    }

    /// The same for a link.
    fn query(&self) -> String {
        serde_urlencoded::to_string(self).unwrap_or_default()
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The beginning of a day.
fn day(text: &str) -> Result<UnixTime, Fault> {
    let date: Date = text.parse().map_err(|_| Fault::Unreadable)?;
    let begin = Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| Fault::Unreadable)?;
    Ok(UnixTime::from_millis(begin.as_millisecond()))
}

pub(super) async fn page(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(asked): Asked<Filters>,
) -> Result<Response, Fault> {
    let events = platform.audit(&asked.filter()?, ROWS.into()).await?;
    let more = events.last().map(|event| event.id).filter(|_| events.len() == usize::from(ROWS));
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    let is_first = asked.before.is_none();
    render(StatusCode::OK, &AuditPage { f, p, asked, is_first, events, more })
}

/// A line of JSON for each event, as the administration API writes them.
pub(super) async fn export(
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(asked): Asked<Filters>,
) -> Result<Response, Fault> {
    let events = platform.audit(&asked.filter()?, MOST_LINES).await?;
    let lines: String = events.iter().map(line).collect();
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""),
    ];
    Ok((headers, lines).into_response())
}

fn line(event: &AuditEvent) -> String {
    let at = Timestamp::from_millisecond(event.at.millis()).unwrap_or_default().to_string();
    let value = json!({
        "id": event.id.to_string(),
        "at": at,
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "outcome": event.outcome.to_string(),
        "detail": event.detail,
        "address": event.address,
        "request_id": event.request_id,
    });
    format!("{value}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_counts_to_its_end_and_what_is_empty_does_not_matter() {
        let asked = Filters { since: "2026-11-25".into(), until: "2026-11-25".into(), ..Filters::default() };
        let filter = asked.filter().unwrap();
        assert_eq!(filter.until, filter.since.map(|since| since.plus(DAY)));
        assert_eq!(filter.since, Some(UnixTime::from_seconds(1_795_564_800)));
        assert_eq!((filter.actor, filter.outcome, filter.before), (None, None, None));
    }

    #[test]
    fn what_is_no_day_and_no_outcome_is_refused() {
        for asked in [
            Filters { since: "yesterday".into(), ..Filters::default() },
            Filters { until: "2026-02-30".into(), ..Filters::default() },
            Filters { outcome: "perhaps".into(), ..Filters::default() },
        ] {
            assert!(matches!(asked.filter(), Err(Fault::Unreadable)), "{}", asked.query());
        }
    }

    #[test]
    fn a_link_has_the_same_filters_and_begins_at_the_start() {
        let asked = Filters {
            actor: "admin token dev".into(),
            outcome: "done".into(),
            before: Some(Uuid::nil()),
            ..Filters::default()
        };
        assert_eq!(asked.query(), "actor=admin+token+dev&outcome=done");
    }
}
