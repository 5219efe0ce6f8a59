//! `/admin/api/organisations`: merchants, partners, the operator.

use super::fields::{Name, Parsed};
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::{Admin, AdminError, By, done};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::OrganisationId;
use einlass_store::Organisation;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An organisation in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: OrganisationId,
    name: String,
}

impl From<Organisation> for View {
    fn from(Organisation { id, name }: Organisation) -> Self {
        Self { id, name }
    }
}

/// An organisation to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: Name,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = paging.page()?;
    let rows = platform.store.organisations(&page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<OrganisationId>>,
) -> Result<Json<View>, AdminError> {
    Ok(Json(platform.find_organisation(id).await?.into()))
}

pub(super) async fn create(
    By(actor): By,
    State(platform): State<Arc<Platform>>,
    Input(New { name: Name(name) }): Input<New>,
) -> Result<(StatusCode, Json<View>), AdminError> {
    let new = Organisation { id: OrganisationId::new(platform.random.uuid()), name };
    let event = platform.event(&actor, "create organisation", &new.id.to_string(), &new.name);
    platform.store.create_organisation(&new, &event).await?;
    done(&event);
    Ok((StatusCode::CREATED, Json(new.into())))
}
