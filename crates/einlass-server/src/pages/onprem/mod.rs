//! `/onprem`: where a merchant's admin lets apps in on its own premises.

mod registration;
mod site;
mod sites;

use super::fault::Fault;
use super::form::RestsOn;
use super::visit::{Me, Surely};
use crate::Platform;
use crate::people::{MemberFault, SignedIn};
use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::routing::{get, post};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::person::Role;
use einlass_store::{Person, Registration, Site};
use http::request::Parts;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/onprem", get(sites::page))
        .route("/onprem/{database}", get(site::page))
        .route("/onprem/{database}/wait", post(site::wait))
        .route("/onprem/{database}/stop", post(site::stop))
        .route("/onprem/{database}/{registration}", get(registration::page))
        .route("/onprem/{database}/{registration}/icon", get(registration::icon))
        .route("/onprem/{database}/{registration}/accept", post(registration::accept))
        .route("/onprem/{database}/{registration}/reject", post(registration::reject))
        .route("/onprem/{database}/{registration}/hand-out", post(registration::hand_out))
        .route("/onprem/{database}/{registration}/revoke", post(registration::revoke))
}

#[derive(Deserialize)]
struct Named {
    database: String,
    registration: Option<String>,
}

/// A site, for an admin of its merchant's.
struct AtSite {
    me: Arc<SignedIn>,
    site: Site,
}

/// A registration there, for the same.
struct AtRegistration {
    me: Arc<SignedIn>,
    site: Site,
    registration: Registration,
}

/// The same, who has just proved to be who it is.
struct Deciding(AtRegistration);

impl AtSite {
    async fn named(platform: &Platform, named: &Named, me: Arc<SignedIn>) -> Result<Self, Fault> {
        let site = site_of(platform, &named.database, &me.person).await?;
        Ok(Self { me, site })
    }

    fn rests_on(&self) -> RestsOn {
        let (organisation, person) = (self.site.organisation, self.me.person.id);
        RestsOn { organisation, person, role: Role::Admin, or_operator: true }
    }
}

/// The site of this database; for whoever is no admin of its merchant's it is not there.
async fn site_of(platform: &Platform, database: &str, person: &Person) -> Result<Site, Fault> {
    let database = database.parse().map_err(|_| Fault::NotFound)?;
    let site = platform.store.site_of_database(&database).await?.ok_or(Fault::NotFound)?;
    match platform.standing(site.organisation, person).await {
        Ok(standing) => standing.admin().map(|_| site).map_err(Fault::from),
        Err(MemberFault::NoOrganisation) => Err(Fault::NotFound),
        Err(fault) => Err(fault.into()),
    }
}

async fn named(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Named, Fault> {
    let named = Path::<Named>::from_request_parts(parts, platform).await;
    named.map(|Path(named)| named).map_err(|_| Fault::NotFound)
}

impl FromRequestParts<Arc<Platform>> for AtSite {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let at = Self::named(platform, &named(parts, platform).await?, me).await?;
        parts.extensions.insert(at.rests_on());
        Ok(at)
    }
}

impl FromRequestParts<Arc<Platform>> for AtRegistration {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let named = named(parts, platform).await?;
        let at = AtSite::named(platform, &named, me).await?;
        parts.extensions.insert(at.rests_on());
        let AtSite { me, site } = at;
        let id: Option<RegistrationId> = named.registration.and_then(|id| id.parse().ok());
        let found = platform.store.registration(id.ok_or(Fault::NotFound)?).await?;
        let registration = found.filter(|found| found.site == site.id).ok_or(Fault::NotFound)?;
        Ok(Self { me, site, registration })
    }
}

impl FromRequestParts<Arc<Platform>> for Deciding {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        Surely::from_request_parts(parts, platform).await?;
        AtRegistration::from_request_parts(parts, platform).await.map(Self)
    }
}
