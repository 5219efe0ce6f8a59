//! `GET /admin/api/usage`: tokens and calls, summed by app, tenant, scope or secret.

use super::{Admin, AdminError};
use crate::Platform;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::time::UnixTime;
use einlass_store::{UsageBy, UsageFilter, UsageSum};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many sums are answered at most: the busiest.
const MOST_SUMS: u32 = 1_000;

/// What to sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[serde(default)]
    by: By,
    app: Option<String>,
    tenant: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    App,
    Tenant,
    Scope,
    Secret,
}

/// The sums, the busiest first.
#[derive(Debug, Serialize)]
pub struct Usage {
    items: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    tokens: i64,
    calls: i64,
    errors: i64,
    last_at: String,
}

/// Sums what was written down; what was counted in the last seconds is not among it.
pub async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<Usage>, AdminError> {
    let Query(question) = question.map_err(|fault| AdminError::BadRequest(fault.body_text()))?;
    let filter = UsageFilter {
        app: app(&platform, question.app.as_deref()).await?,
        tenant: tenant(&platform, question.tenant.as_deref()).await?,
        since: time(question.since.as_deref())?,
        until: time(question.until.as_deref())?,
    };
    let by = match question.by {
        By::App => UsageBy::App,
        By::Tenant => UsageBy::Tenant,
        By::Scope => UsageBy::Scope,
        By::Secret => UsageBy::Secret,
    };
    let sums = platform.store.usage(by, &filter, MOST_SUMS).await?;
    Ok(Json(Usage { items: sums.into_iter().map(row).collect() }))
}

/// By its id or its technical name.
async fn app(platform: &Platform, named: Option<&str>) -> Result<Option<AppId>, AdminError> {
    let Some(named) = named else {
        return Ok(None);
    };
    if let Ok(id) = named.parse() {
        return Ok(Some(id));
    }
    let found = platform.store.app_named(named).await?.ok_or(AdminError::NotFound("no such app"))?;
    Ok(Some(found.id))
}

/// By its id or its slug.
async fn tenant(platform: &Platform, named: Option<&str>) -> Result<Option<TenantId>, AdminError> {
    let Some(named) = named else {
        return Ok(None);
    };
    if let Ok(id) = named.parse() {
        return Ok(Some(id));
    }
    let found =
        platform.store.tenant_with_slug(named).await?.ok_or(AdminError::NotFound("no such tenant"))?;
    Ok(Some(found.id))
}

/// RFC 3339 §5.6.
fn time(text: Option<&str>) -> Result<Option<UnixTime>, AdminError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let time: Timestamp = text.parse().map_err(|fault| AdminError::BadRequest(format!("{fault}")))?;
    Ok(Some(UnixTime::from_millis(time.as_millisecond())))
}

fn row(UsageSum { key, tokens, calls, errors, last_at }: UsageSum) -> Row {
    let last_at = Timestamp::from_millisecond(last_at.millis()).unwrap_or(Timestamp::MAX).to_string();
    Row { key, tokens, calls, errors, last_at }
}
