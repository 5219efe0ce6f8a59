//! `GET …/authentication/{id}`: an app asks what the admin decided, and takes its key: once, however many ask at once.

use super::OnPremiseError;
use super::visit::{Named, Visit};
use crate::Platform;
use axum::Json;
use axum::extract::{Path, State};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::onprem::Status;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_store::Polled;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn endpoint(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Path(named): Path<Named>,
) -> Result<Json<Value>, OnPremiseError> {
    let known = visit.registration(&platform, &named).await?;
    let id = known.id;
    // A version 4 UUID, as every key of these ERPs is. Nobody sees it unless it becomes the registration's.
    let key = Secret::new(platform.random.uuid().to_string());
    let actor = visit.actor.clone().named(format!("app {}", known.app_id));
    let event = platform.event(&actor, "read api key", &id.to_string(), visit.site.database.as_str());
    let hash = SecretHash::of(&key);
    let (status, key) = match platform.store.poll_registration(id, &visit.challenge, &hash, &event).await? {
        Polled::Unknown => return Err(visit.in_vain(&platform, OnPremiseError::Unknown)),
        Polled::AlreadyRead => return Err(OnPremiseError::AlreadyRead),
        Polled::Pending => (Status::Pending, None),
        Polled::Rejected => (Status::Rejected, None),
        Polled::Key(granted) => (Status::Accepted, Some((key, granted))),
    };
    if key.is_some() {
        let (database, app) = (&visit.site.database, &known.app_id);
        tracing::info!(target: "einlass::onprem", registration = %id, %database, app, "read its key");
    }
    Ok(Json(visit.casing.spell(answer(&known.app_id, id, status, key))))
}

fn answer(app_id: &str, id: RegistrationId, status: Status, key: Option<(Secret, ScopeSet)>) -> Value {
    let info = json!({"AppId": app_id, "RegistrationRequestId": id.to_string(), "Status": status as i32});
    match key {
        None => json!({ "RequestStatusInfo": info }),
        Some((key, granted)) => json!({
            "RequestStatusInfo": info,
            "Token": {"ApiKey": key.expose()},
            "GrantedScopes": granted.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
    }
}
