//! `POST /connect-tenant`: the app's page hands over the session token that the platform gave it. Only here, where the
//! platform's keys check it, is it known who installs the app, and for which tenant.

use super::App;
use super::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::PoisonError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connecting {
    session_token: String,
}

pub(super) async fn endpoint(
    State(app): State<App>,
    Json(Connecting { session_token }): Json<Connecting>,
) -> Result<Json<Value>, Trouble> {
    let session = app.sessions.verify(&session_token).await?;
    app.tenants.lock().unwrap_or_else(PoisonError::into_inner).insert(session.tenant);
    Ok(Json(json!({
        "tenantId": session.tenant,
        "tenantSlug": session.tenant_slug,
        "customerNumber": session.customer_number,
        "userId": session.user,
    })))
}
