//! `/admin/api/sites/{database}/registrations` and `/admin/api/registrations`: apps that ask an on-premise ERP to be let
//! in, and those that are there.

use super::fields::{Parsed, present};
use super::find::missing;
use super::input::{Asked, MaybeInput, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By};
use crate::Platform;
use crate::onprem::{Chosen, DecisionFault, Shown};
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::scope::ScopeSet;
use einlass_store::Registration;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A registration in an answer. Its key is nowhere.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: RegistrationId,
    app_id: String,
    name: String,
    provider: String,
    version: String,
    state: &'static str,
    mandatory: String,
    optional: String,
    granted: String,
    signature: String,
    created_at: Time,
    decided_at: Option<Time>,
    decided_by: String,
    last_used_at: Option<Time>,
}

impl From<Registration> for View {
    fn from(registration: Registration) -> Self {
        let shown = Shown::of_text(&registration.manifest, &registration.app_id);
        Self {
            id: registration.id,
            app_id: registration.app_id,
            name: shown.display_name,
            provider: shown.provider_name,
            version: shown.version,
            state: registration.state.as_str(),
            mandatory: registration.mandatory.to_string(),
            optional: registration.optional.to_string(),
            granted: registration.granted.to_string(),
            signature: registration.signature,
            created_at: registration.created_at.into(),
            decided_at: registration.decided_at.map(Time::from),
            decided_by: registration.decided_by,
            last_used_at: registration.last_used_at.map(Time::from),
        }
    }
}

/// What beside what it cannot do without an app is to have: all that it would like when left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    #[serde(default, deserialize_with = "present")]
    optional: Option<Parsed<ScopeSet>>,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(database): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let site = platform.find_site(&database).await?;
    let page = paging.page()?;
    let rows = platform.store.registrations_of(site.id, &page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<RegistrationId>>,
) -> Result<Json<View>, AdminError> {
    Ok(Json(platform.find_registration(id).await?.into()))
}

pub(super) async fn accept(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<RegistrationId>>,
    MaybeInput(Decision { optional }): MaybeInput<Decision>,
) -> Result<Json<View>, AdminError> {
    let registration = platform.find_registration(id).await?;
    let chosen = optional.map_or(Chosen::All, |Parsed(scopes)| Chosen::Optional(scopes));
    platform.accept_registration(&registration, chosen, &actor).await?;
    Ok(Json(platform.find_registration(id).await?.into()))
}

pub(super) async fn reject(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<RegistrationId>>,
) -> Result<Json<View>, AdminError> {
    platform.reject_registration(&platform.find_registration(id).await?, &actor).await?;
    Ok(Json(platform.find_registration(id).await?.into()))
}

/// Lets the key be read once more, and ends the one that was read.
pub(super) async fn hand_out(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<RegistrationId>>,
) -> Result<Json<View>, AdminError> {
    platform.hand_out_again(&platform.find_registration(id).await?, &actor).await?;
    Ok(Json(platform.find_registration(id).await?.into()))
}

/// Ends what the app may do there.
pub(super) async fn revoke(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<RegistrationId>>,
) -> Result<StatusCode, AdminError> {
    platform.revoke_registration(&platform.find_registration(id).await?, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Platform {
    async fn find_registration(&self, id: RegistrationId) -> Result<Registration, AdminError> {
        let found = self.store.registration(id).await?;
        found.ok_or_else(|| missing("registration", &id.to_string(), "sites/{database}/registrations"))
    }
}

impl From<DecisionFault> for AdminError {
    fn from(fault: DecisionFault) -> Self {
        match fault {
            DecisionFault::Store(fault) => Self::Store(fault),
            DecisionFault::Decided => {
                Self::Conflict("it was decided before, has ended, or waited for too long")
            }
            DecisionFault::Scopes => {
                Self::Conflict("the app asked for none of these beside what it cannot do without")
            }
        }
    }
}
