//! `GET /api/customers`: who buys from the tenant that the session is for.

use super::App;
use super::erp;
use super::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use einlass_client::session::Session;
use serde_json::Value;

pub(super) async fn endpoint(State(app): State<App>, session: Session) -> Result<Json<Value>, Trouble> {
    erp::get(&app.api, "/erp/v2/customers", session.tenant).await
}
