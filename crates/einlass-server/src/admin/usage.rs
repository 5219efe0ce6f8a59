//! `GET /admin/api/usage`: tokens and calls, summed by app, tenant, scope or secret.

use super::fields::Moment;
use super::input::Asked;
use super::time::Time;
use super::{Admin, AdminError};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_store::{UsageBy, UsageFilter, UsageSum};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How many sums are answered at most: the busiest.
const MOST_SUMS: u32 = 1_000;

/// How many sums are made at once.
pub(crate) const MOST_SUMMING: usize = 2;
/// How long one waits for those before it.
const PATIENCE: Duration = Duration::from_secs(5);

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
    let filter = UsageFilter { app, tenant, since: moment(since), until: moment(until) };
    // A sum over months costs a second of the store: a few at once, and others do without.
    let place = timeout(PATIENCE, platform.summing.acquire()).await;
    let _place = place.ok().and_then(Result::ok).ok_or(AdminError::TooBusy)?;
    let sums = platform.store.usage(by.into(), &filter, MOST_SUMS).await?;
    Ok(Json(Usage { items: sums.into_iter().map(row).collect() }))
}

impl From<By> for UsageBy {
    fn from(by: By) -> Self {
        match by {
            By::App => Self::App,
            By::Tenant => Self::Tenant,
            By::Scope => Self::Scope,
            By::Secret => Self::Secret,
        }
    }
}

fn row(UsageSum { key, tokens, calls, errors, last_at }: UsageSum) -> Row {
    Row { key, tokens, calls, errors, last_at: last_at.into() }
}
