//! Installations: which app may act for which tenant, listed from both sides, made and removed. The gateway has heard
//! of a change before the answer leaves.

use super::fields::{Scopes, present};
use super::input::{Asked, MaybeInput, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By, done};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::revocation::Subject;
use einlass_protocol::scope::ScopeSet;
use einlass_store::{Change, ListedInstallation};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An installation in a list.
#[derive(Debug, Serialize)]
pub(super) struct View {
    app: AppId,
    app_name: String,
    tenant: TenantId,
    tenant_name: String,
    scopes: ScopeSet,
    lapses_at: Option<Time>,
}

impl From<ListedInstallation> for View {
    fn from(listed: ListedInstallation) -> Self {
        let ListedInstallation { app, app_name, tenant, tenant_name, installation } = listed;
        let lapses_at = installation.lapses_at.map(Time::from);
        Self { app, app_name, tenant, tenant_name, scopes: installation.granted, lapses_at }
    }
}

/// What to grant: everything that the app asks for when left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grant {
    #[serde(default, deserialize_with = "present")]
    scopes: Option<Scopes>,
}

/// What was granted.
#[derive(Debug, Serialize)]
pub(super) struct Granted {
    app: AppId,
    tenant: TenantId,
    scopes: ScopeSet,
}

pub(super) async fn of_tenant(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(tenant): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let (tenant, page) = (platform.find_tenant(&tenant).await?.id, paging.page()?);
    let rows = platform.store.installations_of_tenant(tenant, &page, platform.clock.wall()).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.app.to_string(), View::from)))
}

pub(super) async fn of_app(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let (app, page) = (platform.find_app(&app).await?.id, paging.page()?);
    let rows = platform.store.installations_of_app(app, &page, platform.clock.wall()).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.tenant.to_string(), View::from)))
}

/// Installs an app, active at once.
pub(super) async fn install(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named((tenant, app)): Named<(String, String)>,
    MaybeInput(grant): MaybeInput<Grant>,
) -> Result<Json<Granted>, AdminError> {
    let tenant = platform.find_tenant(&tenant).await?.id;
    let app = platform.find_app(&app).await?;
    let scopes = granted(grant, &app.scopes)?;
    let subject = Subject::Installation(app.id, tenant).to_string();
    let event = platform.event(&actor, "install app", &subject, &scopes.to_string());
    platform.store.install_app(app.id, tenant, &scopes, &event).await?;
    platform.apply(&Change::Installation(app.id, tenant)).await?;
    done(&event);
    Ok(Json(Granted { app: app.id, tenant, scopes }))
}

/// Removes an app. Removing what is not there is no error: it is what was asked for.
pub(super) async fn remove(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named((tenant, app)): Named<(String, String)>,
) -> Result<StatusCode, AdminError> {
    let (tenant, app) = (platform.find_tenant(&tenant).await?.id, platform.find_app(&app).await?.id);
    let event = platform.event(&actor, "remove app", &Subject::Installation(app, tenant).to_string(), "");
    let was_installed = platform.store.remove_installation(app, tenant, &event).await?;
    platform.apply(&Change::Installation(app, tenant)).await?;
    if was_installed {
        done(&event);
    }
    Ok(StatusCode::NO_CONTENT)
}

fn granted(grant: Grant, requested_by_app: &ScopeSet) -> Result<ScopeSet, AdminError> {
    let Some(Scopes(scopes)) = grant.scopes else {
        return Ok(requested_by_app.clone());
    };
    let beyond = scopes.difference(requested_by_app);
    if beyond.is_empty() {
        return Ok(scopes);
    }
    Err(AdminError::BadRequest(format!("scopes: the app does not ask for {beyond}; change the app first")))
}
