//! `POST …/authentication/{id}`: one more instance of an app that is registered, which gets a key of its own. The admin
//! waits for it, and decides, as for the first.

use super::OnPremiseError;
use super::register::{WAITS, ask};
use super::visit::{Named, Visit};
use crate::Platform;
use axum::Json;
use axum::extract::{Path, State};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::onprem::RegistrationType;
use einlass_store::{NewRegistration, RegistrationState};
use serde_json::Value;
use std::sync::Arc;

pub(super) async fn endpoint(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Path(named): Path<Named>,
) -> Result<Json<Value>, OnPremiseError> {
    let known = visit.registration(&platform, &named).await?;
    if known.state != RegistrationState::Active {
        return Err(visit.in_vain(&platform, OnPremiseError::Unknown));
    }
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
