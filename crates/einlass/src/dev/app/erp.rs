//! What the app asks of the platform's API, with an access token of its own and for a tenant that a session token named:
//! never for one that a browser named.

use super::trouble::Trouble;
use axum::Json;
use einlass_client::ApiClient;
use einlass_protocol::ids::TenantId;
use http::StatusCode;
use serde_json::Value;

pub(super) async fn get(api: &ApiClient, path: &str, tenant: TenantId) -> Result<Json<Value>, Trouble> {
    let response = api.get(path).tenant(tenant).send().await?;
    match response.status() {
        StatusCode::OK => Ok(Json(response.json().await?)),
        StatusCode::FORBIDDEN => Err(Trouble::Forbidden),
        status => Err(Trouble::Refused(status)),
    }
}
