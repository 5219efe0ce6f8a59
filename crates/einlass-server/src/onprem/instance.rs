//! `POST …/authentication/{id}`: one more instance of an app that is registered, which gets a key of its own. The admin
//! waits for it, and decides, as for the first.

use super::OnPremiseError;
use super::register::ask;
use super::visit::Visit;
use crate::Platform;
use axum::Json;
use axum::extract::{Path, State};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::onprem::RegistrationType;
use einlass_store::{NewRegistration, RegistrationState};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// How long it waits for the admin to decide.
const WAITS: Duration = Duration::from_hours(1);

#[derive(Deserialize)]
pub(super) struct Named {
    registration: String,
}

pub(super) async fn endpoint(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Path(Named { registration }): Path<Named>,
) -> Result<Json<Value>, OnPremiseError> {
    let id: RegistrationId = registration.parse().map_err(|_| OnPremiseError::Unknown)?;
    let known = platform.store.registration(id).await?.filter(|known| known.site == visit.site.id);
    let known = known.filter(|known| known.state == RegistrationState::Active);
    let known = known.ok_or_else(|| visit.in_vain(&platform, OnPremiseError::Unknown))?;
    visit.is_awaited(&platform).await?;
    if known.kind == RegistrationType::OneInstance.number() {
        return Err(OnPremiseError::OneInstance);
    }
    let now = platform.clock.wall();
    let new = NewRegistration {
        id: RegistrationId::new(platform.ordered_id(now)),
        site: known.site,
        // Of an instance, one more is of the same first one: with that all of them end.
        instance_of: Some(known.instance_of.unwrap_or(known.id)),
        app_id: known.app_id,
        manifest: known.manifest,
        mandatory: known.mandatory,
        optional: known.optional,
        kind: known.kind,
        // What was signed was the first one's request.
        signature: "none".into(),
        challenge: visit.challenge.clone(),
        expires_at: now.plus(WAITS),
    };
    ask(&platform, &visit, &new).await
}
