//! `PUT` and `DELETE /admin/api/tenants/{tenant}/installations/{app}`: let an app act for a tenant, or not.
//! The gateway has heard of the change before the answer leaves.

use super::{AdminError, By};
use crate::Platform;
use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::revocation::Subject;
use einlass_protocol::scope::ScopeSet;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What to grant.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InstallRequest {
    /// Scopes separated by spaces; everything that the app asks for when left out.
    scopes: Option<String>,
}

impl InstallRequest {
    /// No body is a request without wishes.
    fn read(body: &[u8]) -> Result<Self, AdminError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(body).map_err(|fault| AdminError::BadRequest(format!("the body: {fault}")))
    }
}

/// What was granted.
#[derive(Debug, Serialize)]
pub struct InstallAnswer {
    scopes: ScopeSet,
}

/// Installs an app, active at once.
pub async fn install(
    By(actor): By,
    State(platform): State<Arc<Platform>>,
    Path(ids): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<InstallAnswer>, AdminError> {
    let (tenant, app) = parse(&ids)?;
    let known = platform.store.app(app).await?.ok_or(AdminError::NotFound("no such app"))?;
    platform.store.tenant(tenant).await?.ok_or(AdminError::NotFound("no such tenant"))?;
    let scopes = granted(InstallRequest::read(&body)?, &known.scopes)?;
    let now = platform.clock.wall();
    platform.store.consent_to_app(app, tenant, &scopes, now).await?;
    platform.store.complete_setup(app, tenant, now).await?;
    platform.feed.installation_changed(app, tenant);
    let subject = Subject::Installation(app, tenant).to_string();
    platform.record(&actor, "install app", &subject).await?;
    tracing::info!(target: "einlass::admin", %app, %tenant, %scopes, by = %actor, "installed");
    Ok(Json(InstallAnswer { scopes }))
}

/// Removes an app. Removing what is not there is no error: it is what was asked for.
pub async fn remove(
    By(actor): By,
    State(platform): State<Arc<Platform>>,
    Path(ids): Path<(String, String)>,
) -> Result<StatusCode, AdminError> {
    let (tenant, app) = parse(&ids)?;
    let was_installed = platform.store.remove_installation(app, tenant, platform.clock.wall()).await?;
    platform.feed.installation_changed(app, tenant);
    if was_installed {
        platform.record(&actor, "remove app", &Subject::Installation(app, tenant).to_string()).await?;
    }
    tracing::info!(target: "einlass::admin", %app, %tenant, by = %actor, "removed");
    Ok(StatusCode::NO_CONTENT)
}

fn parse((tenant, app): &(String, String)) -> Result<(TenantId, AppId), AdminError> {
    let tenant = tenant.parse().map_err(|_| AdminError::BadRequest("the tenant is no UUID".into()))?;
    let app = app.parse().map_err(|_| AdminError::BadRequest("the app is no UUID".into()))?;
    Ok((tenant, app))
}

fn granted(request: InstallRequest, requested_by_app: &ScopeSet) -> Result<ScopeSet, AdminError> {
    let Some(asked) = request.scopes else {
        return Ok(requested_by_app.clone());
    };
    let scopes: ScopeSet = asked.parse().map_err(|fault| AdminError::BadRequest(format!("{fault}")))?;
    let beyond = scopes.difference(requested_by_app);
    if beyond.is_empty() {
        return Ok(scopes);
    }
    Err(AdminError::BadRequest(format!("the app does not ask for {beyond}")))
}
