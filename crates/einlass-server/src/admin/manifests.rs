//! `/admin/api/apps/{app}/manifest`: what an app says of itself; and whether merchants find it.

use super::input::{Input, Named};
use super::{Admin, AdminError, By};
use crate::Platform;
use crate::audit::Actor;
use crate::hub::DescribeFault;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::AppId;
use einlass_store::ListingState;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What an app says of itself, in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    app: AppId,
    state: &'static str,
    /// Nothing for an app that has said nothing.
    manifest: Option<Value>,
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
) -> Result<Json<View>, AdminError> {
    view(&platform, platform.find_app(&app).await?.id).await
}

/// Takes a manifest, or says all that is wrong with it.
pub(super) async fn put(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
    Input(manifest): Input<Map<String, Value>>,
) -> Result<Json<View>, AdminError> {
    let app = platform.find_app(&app).await?;
    platform.describe_app(&app, &Value::from(manifest).to_string(), &actor).await?;
    view(&platform, app.id).await
}

pub(super) async fn publish(
    by: By,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
) -> Result<StatusCode, AdminError> {
    list(&platform, &app, ListingState::Published, by).await
}

pub(super) async fn withdraw(
    by: By,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
) -> Result<StatusCode, AdminError> {
    list(&platform, &app, ListingState::Development, by).await
}

async fn list(
    platform: &Platform,
    app: &str,
    state: ListingState,
    By(actor, _): By,
) -> Result<StatusCode, AdminError> {
    let app = platform.find_app(app).await?;
    let actor: &Actor = &actor;
    if platform.list_app(&app, state, actor).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(AdminError::Conflict("the app has no manifest yet; PUT /admin/api/apps/{app}/manifest takes it"))
}

async fn view(platform: &Platform, app: AppId) -> Result<Json<View>, AdminError> {
    let listing = platform.store.listing(app).await?;
    let (state, text) = listing.map_or((ListingState::Development, None), |it| (it.state, it.manifest));
    let manifest = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(Json(View { app, state: state.as_str(), manifest }))
}

impl From<DescribeFault> for AdminError {
    fn from(fault: DescribeFault) -> Self {
        match fault {
            DescribeFault::Rejected(faults) => Self::BadRequest(faults.to_string()),
            DescribeFault::Store(fault) => fault.into(),
        }
    }
}
