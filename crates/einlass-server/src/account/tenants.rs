//! `GET /account/tenants`: for which tenants a person may act.

use super::bearer::{AccountError, Caller};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::TenantId;
use einlass_store::PersonsTenant;
use http::header::CACHE_CONTROL;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// A tenant, as clients of the platform know it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    name: String,
    slug: String,
    /// The merchant's customer number.
    kid: String,
    /// The value of `X-Tenant-ID`.
    id: TenantId,
    created_at: String,
}

impl From<PersonsTenant> for View {
    fn from(PersonsTenant { tenant, created_at }: PersonsTenant) -> Self {
        let created_at = Timestamp::from_millisecond(created_at.millis()).unwrap_or_default().to_string();
        Self { name: tenant.name, slug: tenant.slug, kid: tenant.customer_number, id: tenant.id, created_at }
    }
}

/// Answers the tenants of the person that the token acts for.
pub(super) async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Caller { claims, address }: Caller,
) -> Response {
    match tenants(&platform, &claims).await {
        Ok(tenants) => ([(CACHE_CONTROL, "no-store")], Json(tenants)).into_response(),
        Err(error) => error.answer(address),
    }
}

async fn tenants(platform: &Platform, claims: &AccessClaims) -> Result<Vec<View>, AccountError> {
    if !claims.is_user_bound() {
        return Err(AccountError::NotAPerson);
    }
    let person = claims.subject.parse().map_err(|_| AccountError::NotAPerson)?;
    let found = platform.store.tenants_of_person(person).await?;
    Ok(found.into_iter().map(View::from).collect())
}
