//! `/admin/api/sites`: ERPs on merchants' own premises, and waiting there for an app to register.

use super::fields::{Name, Parsed, present};
use super::find::missing;
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{OrganisationId, SiteId};
use einlass_protocol::onprem::DatabaseName;
use einlass_store::Site;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A site in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: SiteId,
    organisation: OrganisationId,
    database: String,
    name: String,
    waiting_until: Option<Time>,
    licensed: bool,
}

impl From<Site> for View {
    fn from(Site { id, organisation, database, name, waiting_until, licensed }: Site) -> Self {
        let waiting_until = waiting_until.map(Time::from);
        Self { id, organisation, database: database.to_string(), name, waiting_until, licensed }
    }
}

/// A site to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    database: Parsed<DatabaseName>,
    organisation: Parsed<OrganisationId>,
    #[serde(default, deserialize_with = "present")]
    name: Option<Name>,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = paging.page()?;
    let rows = platform.store.sites(&page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(database): Named<String>,
) -> Result<Json<View>, AdminError> {
    Ok(Json(platform.find_site(&database).await?.into()))
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(New { database: Parsed(database), organisation: Parsed(organisation), name }): Input<New>,
) -> Result<(StatusCode, Json<View>), AdminError> {
    let organisation = platform.find_organisation(organisation).await?;
    if !organisation.kind.is_merchant() {
        return Err(AdminError::Conflict("this organisation is no merchant; only merchants have such sites"));
    }
    let name = name.map_or_else(|| database.to_string(), |Name(name)| name);
    let site = platform.create_site(organisation.id, database, name, &actor).await?;
    Ok((StatusCode::CREATED, Json(site.into())))
}

/// What is to be different.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changed {
    licensed: bool,
}

pub(super) async fn change(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(database): Named<String>,
    Input(Changed { licensed }): Input<Changed>,
) -> Result<Json<View>, AdminError> {
    let site = platform.find_site(&database).await?;
    platform.license_site(&site, licensed, &actor).await?;
    Ok(Json(Site { licensed, ..site }.into()))
}

/// Waits for an app to register, or for ten minutes more.
pub(super) async fn wait(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(database): Named<String>,
) -> Result<Json<View>, AdminError> {
    set(&platform, &database, true, &actor).await.map(Json)
}

/// Waits no more.
pub(super) async fn stop(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(database): Named<String>,
) -> Result<StatusCode, AdminError> {
    set(&platform, &database, false, &actor).await.map(|_| StatusCode::NO_CONTENT)
}

async fn set(platform: &Platform, database: &str, waits: bool, actor: &Actor) -> Result<View, AdminError> {
    let site = platform.find_site(database).await?;
    let waiting_until = platform.await_registration(&site, waits, actor).await?;
    Ok(Site { waiting_until, ..site }.into())
}

impl Platform {
    pub(super) async fn find_site(&self, database: &str) -> Result<Site, AdminError> {
        let found = match database.parse() {
            Ok(database) => self.store.site_of_database(&database).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| missing("site", database, "sites"))
    }
}
