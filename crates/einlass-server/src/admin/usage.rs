//! `GET /admin/api/usage`: tokens and calls, summed by app, tenant, scope, secret or day.

use super::fields::Moment;
use super::input::Asked;
use super::time::Time;
use super::{Admin, AdminError};
use crate::Platform;
use crate::usage::date;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::time::UnixTime;
use einlass_store::{UsageBy, UsageDay, UsageFilter, UsageOf, UsageSum};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How many sums are answered at most: the busiest.
const MOST_SUMS: u32 = 1_000;

/// Longer than usage is kept.
const DAYS_KEPT: Duration = Duration::from_hours(400 * 24);

/// What to sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[serde(default)]
    by: By,
    app: Option<String>,
    tenant: Option<String>,
    since: Option<Moment>,
    until: Option<Moment>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    App,
    Tenant,
    Scope,
    Secret,
    Day,
}

/// The sums, the busiest first.
#[derive(Debug, Serialize)]
pub(super) struct Usage {
    items: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    tokens: i64,
    calls: i64,
    errors: i64,
    last_at: Time,
}

/// Sums what was written down; what was counted in the last seconds is not among it.
pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(question): Asked<Question>,
) -> Result<Json<Usage>, AdminError> {
    let Question { by, app, tenant, since, until } = question;
    let app = match app {
        Some(name) => Some(platform.find_app(&name).await?.id),
        None => None,
    };
    let tenant = match tenant {
        Some(name) => Some(platform.find_tenant(&name).await?.id),
        None => None,
    };
    let moment = |moment: Option<Moment>| moment.map(|Moment(time)| time);
    let Some(by) = by.sums() else {
        return by_day(&platform, (app, tenant), (moment(since), moment(until))).await;
    };
    let filter = UsageFilter { app, tenant, since: moment(since), until: moment(until) };
    let _turn = platform.turn_to_sum().await.ok_or(AdminError::TooBusy)?;
    let sums = platform.store.usage(by, &filter, MOST_SUMS).await?;
    Ok(Json(Usage { items: sums.into_iter().map(row).collect() }))
}

/// The days on which there was something to count, the newest first.
async fn by_day(
    platform: &Platform,
    of: (Option<AppId>, Option<TenantId>),
    (since, until): (Option<UnixTime>, Option<UnixTime>),
) -> Result<Json<Usage>, AdminError> {
    let of = match of {
        (None, None) => UsageOf::Everybody,
        (Some(app), None) => UsageOf::App(app),
        (Some(app), Some(tenant)) => UsageOf::Installation(app, tenant),
        (None, Some(_)) => return Err(AdminError::BadRequest("tenant: by day, say which app too".into())),
    };
    let since = since.unwrap_or_else(|| platform.clock.wall().minus(DAYS_KEPT));
    let days = platform.store.usage_days(of, since).await?;
    let is_asked_for = |day: &UsageDay| until.is_none_or(|until| day.day < until);
    let row = |UsageDay { day, tokens, calls, errors }: UsageDay| Row {
        key: date(day),
        tokens,
        calls,
        errors,
        last_at: day.into(),
    };
    Ok(Json(Usage { items: days.into_iter().rev().filter(is_asked_for).map(row).collect() }))
}

impl By {
    /// What minutes are summed by; days are summed already.
    const fn sums(self) -> Option<UsageBy> {
        Some(match self {
            Self::App => UsageBy::App,
            Self::Tenant => UsageBy::Tenant,
            Self::Scope => UsageBy::Scope,
            Self::Secret => UsageBy::Secret,
            Self::Day => return None,
        })
    }
}

fn row(UsageSum { key, tokens, calls, errors, last_at }: UsageSum) -> Row {
    Row { key, tokens, calls, errors, last_at: last_at.into() }
}
