//! `POST …/authentication`: an app asks to be let in.

use super::OnPremiseError;
use super::visit::Visit;
use crate::Platform;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use einlass_protocol::erp::Casing;
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::onprem::{AppKey, Manifest, Status};
use einlass_protocol::time::UnixTime;
use einlass_store::{NewRegistration, Requested, StoreError};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

const MOST_BYTES: usize = 512 * 1024;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a registration waits for the admin to decide.
pub(super) const WAITS: Duration = Duration::from_hours(1);
/// How old what an app has signed may be.
const SIGNED_FOR: Duration = Duration::from_mins(10);

/// What an app said of itself that whoever decides is shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Shown {
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) version: String,
    pub(crate) provider_name: String,
    pub(crate) provider_website: String,
    /// In base64.
    pub(crate) icon: String,
}

pub(super) async fn endpoint(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    request: Request,
) -> Result<Response, OnPremiseError> {
    visit.is_awaited(&platform).await?;
    let _place = platform.registering.try_acquire().map_err(|_| OnPremiseError::TooMany(PATIENCE))?;
    let body = timeout(PATIENCE, to_bytes(request.into_body(), MOST_BYTES)).await;
    let body = body.map_err(|_| OnPremiseError::Body)?.map_err(|_| OnPremiseError::Body)?;
    let manifest = Manifest::parse(&body).map_err(OnPremiseError::Manifest)?;
    let signature = signature_of(&platform, &manifest).await?;
    let (app_id, kind) = (manifest.app_id.clone(), manifest.kind.number());
    let new = NewRegistration {
        id: RegistrationId::new(platform.ordered_id(platform.clock.wall())),
        site: visit.site.id,
        instance_of: None,
        app_id,
        mandatory: manifest.mandatory.clone(),
        optional: manifest.optional.clone(),
        kind,
        signature: signature.into(),
        manifest: Shown::of(manifest).to_text(),
        challenge: visit.challenge.clone(),
        expires_at: platform.clock.wall().plus(WAITS),
    };
    let answer = ask(&platform, &visit, &new).await?;
    Ok((StatusCode::CREATED, answer).into_response())
}

/// Asks whoever waits, and says what the registration is called.
pub(super) async fn ask(
    platform: &Platform,
    visit: &Visit,
    new: &NewRegistration,
) -> Result<Json<serde_json::Value>, OnPremiseError> {
    let actor = visit.actor.clone().named(format!("app {}", new.app_id));
    let event =
        platform.event(&actor, "request registration", &new.id.to_string(), visit.site.database.as_str());
    match platform.store.request_registration(new, &event).await? {
        Requested::NobodyWaits => Err(visit.in_vain(platform, OnPremiseError::NobodyWaits)),
        Requested::Taken => Err(visit.in_vain(platform, OnPremiseError::Taken)),
        Requested::Known(id) => Ok(Json(status(visit.casing, &new.app_id, id))),
        Requested::Made => {
            let (registration, database, app) = (new.id, &visit.site.database, &new.app_id);
            tracing::info!(target: "einlass::onprem", %registration, %database, app, "asked to be registered");
            Ok(Json(status(visit.casing, &new.app_id, new.id)))
        }
    }
}

fn status(casing: Casing, app_id: &str, id: RegistrationId) -> serde_json::Value {
    casing.spell(json!({
        "AppId": app_id, "RegistrationRequestId": id.to_string(), "Status": Status::Pending as i32,
    }))
}

/// What can be said of a signature: whether there is one, of now, and, where the operator has recorded the app's key,
/// whether it is the app's. A wrong one is somebody else's: nobody is asked whether to let that in.
async fn signature_of(platform: &Platform, manifest: &Manifest) -> Result<&'static str, OnPremiseError> {
    let key = platform.store.app_key(&manifest.app_id).await?;
    let Some(signed) = &manifest.signed else {
        // An app whose key is known signs: whoever leaves that out is somebody else.
        return if key.is_some() { Err(OnPremiseError::Signature) } else { Ok("none") };
    };
    let now = platform.clock.wall();
    let at: Timestamp = signed.data.parse().map_err(|_| OnPremiseError::SignatureTime)?;
    let at = UnixTime::from_millis(at.as_millisecond());
    let is_now = now.since(at) <= SIGNED_FOR && at.since(now) <= SIGNED_FOR;
    if !is_now {
        return Err(OnPremiseError::SignatureTime);
    }
    let Some(key) = key else { return Ok("unchecked") };
    let key = AppKey::parse(&key).map_err(|_| StoreError::Inconsistent { column: "public_key" })?;
    let words = format!("{}.{}", manifest.app_id, signed.data);
    if key.has_signed(&words, &signed.signature) { Ok("valid") } else { Err(OnPremiseError::Signature) }
}

impl Shown {
    fn of(manifest: Manifest) -> Self {
        let Manifest { display_name, description, version, provider_name, provider_website, icon, .. } =
            manifest;
        Self { display_name, description, version, provider_name, provider_website, icon }
    }

    fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is kept of a registration; nothing but its id where that cannot be read.
    pub(crate) fn of_text(text: &str, app_id: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self {
            display_name: app_id.into(),
            description: String::new(),
            version: String::new(),
            provider_name: String::new(),
            provider_website: String::new(),
            icon: String::new(),
        })
    }
}
