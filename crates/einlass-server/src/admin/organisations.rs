//! `/admin/api/organisations`: merchants, partners, the operator.

use super::fields::{Name, Parsed, Search};
use super::input::{Asked, Input, Named};
use super::listing::{Limit, Listing, after};
use super::{Admin, AdminError, By, done};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{Organisation, OrganisationFilter, Page, StoreError};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An organisation in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: OrganisationId,
    name: String,
    kind: &'static str,
}

impl From<Organisation> for View {
    fn from(Organisation { id, name, kind }: Organisation) -> Self {
        Self { id, name, kind: kind.as_str() }
    }
}

/// An organisation to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: Name,
    #[serde(default)]
    kind: Wished,
}

/// What it is to do here. There is one operator already.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wished {
    Merchant,
    Partner,
    #[default]
    Both,
}

impl From<Wished> for OrganisationKind {
    fn from(wished: Wished) -> Self {
        match wished {
            Wished::Merchant => Self::Merchant,
            Wished::Partner => Self::Partner,
            Wished::Both => Self::Both,
        }
    }
}

impl Platform {
    /// Records an organisation.
    pub(crate) async fn create_organisation(
        &self,
        name: String,
        kind: OrganisationKind,
        actor: &Actor,
    ) -> Result<Organisation, StoreError> {
        let new = Organisation { id: OrganisationId::new(self.random.uuid()), name, kind };
        let detail = format!("{}, {kind}", new.name);
        let event = self.event(actor, "create organisation", &new.id.to_string(), &detail);
        self.store.create_organisation(&new, &event).await?;
        done(&event);
        Ok(new)
    }
}

/// Which organisations to list: by name where something is looked for, by id otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[serde(default)]
    search: Search,
    after: Option<String>,
    #[serde(default)]
    limit: Limit,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(Question { search: Search(search), after: behind, limit: Limit(size) }): Asked<Question>,
) -> Result<Json<Listing<View>>, AdminError> {
    let after = behind.map(|key| after(&key)).transpose()?;
    let rows = if search.is_empty() {
        platform.store.organisations(&Page { after, size }).await?
    } else {
        platform.store.find_organisations(&OrganisationFilter { search, after, size }).await?
    };
    Ok(Json(Listing::of(rows, size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<OrganisationId>>,
) -> Result<Json<View>, AdminError> {
    Ok(Json(platform.find_organisation(id).await?.into()))
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(New { name: Name(name), kind }): Input<New>,
) -> Result<(StatusCode, Json<View>), AdminError> {
    let new = platform.create_organisation(name, kind.into(), &actor).await?;
    Ok((StatusCode::CREATED, Json(new.into())))
}
