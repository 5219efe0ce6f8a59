//! `/partner`: where partners register apps and look after them.
//!
//! | file | what it is |
//! |---|---|
//! | `apps` | the apps of a partner |
//! | `create` | a new one, from its manifest |
//! | `app` | one of them: what it is, where it is installed, how much it is used |
//! | `manifest` | what it says of itself, in an editor |
//! | `secrets` | what it proves itself by, one after the other |
//! | `channels` | marketplace channels of a partner, and what they exchange for tokens, one after the other |
//! | `shown_once` | a secret that is asked for, and is shown once |
//! | `review` | from development to every merchant |
//! | `words` | what these pages say |

mod app;
mod apps;
mod channels;
mod create;
mod manifest;
mod review;
mod secrets;
mod shown_once;
mod words;

use super::fault::Fault;
use super::form::RestsOn;
use super::visit::{Me, Surely};
use crate::Platform;
use crate::people::{MemberFault, SignedIn};
use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::routing::{get, post};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::person::Role;
use einlass_store::{App, Channel, Organisation, StoreError};
use http::request::Parts;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/partner", get(apps::start))
        .route("/partner/manifest/check", post(manifest::check))
        .route("/partner/{organisation}", get(apps::page))
        .route("/partner/{organisation}/new", get(create::page).post(create::create))
        .route("/partner/apps/{app}", get(app::page))
        .route("/partner/apps/{app}/manifest", get(manifest::page).post(manifest::save))
        .route("/partner/apps/{app}/secrets/new", get(secrets::new).post(secrets::create))
        .route("/partner/apps/{app}/secrets/revoke", get(secrets::revoke_page).post(secrets::revoke))
        .route("/partner/apps/{app}/submit", post(review::submit))
        .route("/partner/apps/{app}/take-back", post(review::take_back))
        .route("/partner/channels/{channel}", get(channels::page))
        .route("/partner/channels/{channel}/tokens/new", get(channels::new).post(channels::create))
        .route("/partner/channels/{channel}/tokens/end", get(channels::end_page).post(channels::end))
}

#[derive(Deserialize)]
struct Named {
    organisation: Option<String>,
    app: Option<String>,
    channel: Option<String>,
}

/// A partner, for its members.
struct AtPartner {
    me: Arc<SignedIn>,
    organisation: Organisation,
    is_admin: bool,
}

/// Something of it, for the same.
struct At<T> {
    at: AtPartner,
    it: T,
}

/// A partner, for an admin of it who has just proved to be who it is.
struct DecidingFor(AtPartner);

/// Something of it, for the same.
struct Deciding<T>(At<T>);

type AtApp = At<App>;
type AtChannel = At<Channel>;

/// What partners have.
trait Owned: Sized + Send {
    /// The one that a path names.
    fn find(
        platform: &Platform,
        named: Named,
    ) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    fn owner(&self) -> OrganisationId;

    /// The address of its page.
    fn path(&self) -> String;
}

impl Owned for App {
    async fn find(platform: &Platform, named: Named) -> Result<Option<Self>, StoreError> {
        let Some(id) = named.app.and_then(|id| id.parse().ok()) else { return Ok(None) };
        platform.store.app(id).await
    }

    fn owner(&self) -> OrganisationId {
        self.organisation
    }

    fn path(&self) -> String {
        format!("/partner/apps/{}", self.id)
    }
}

impl Owned for Channel {
    async fn find(platform: &Platform, named: Named) -> Result<Option<Self>, StoreError> {
        let Some(name) = named.channel.and_then(|name| name.parse().ok()) else { return Ok(None) };
        platform.store.channel(&name).await
    }

    fn owner(&self) -> OrganisationId {
        self.organisation
    }

    fn path(&self) -> String {
        format!("/partner/channels/{}", self.name)
    }
}

impl AtPartner {
    /// The address of its page.
    fn path(&self) -> String {
        format!("/partner/{}", self.organisation.id)
    }

    fn rests_on(&self, role: Role) -> RestsOn {
        let (organisation, person) = (self.organisation.id, self.me.person.id);
        RestsOn { organisation, person, role, or_operator: false }
    }

    /// Whoever is no member of it: it is not there.
    async fn of(platform: &Platform, id: OrganisationId, me: Arc<SignedIn>) -> Result<Self, Fault> {
        let role = platform.store.role_in(id, me.person.id).await?.ok_or(Fault::NotFound)?;
        let organisation = platform.store.organisation(id).await?.ok_or(Fault::NotFound)?;
        if !organisation.kind.is_partner() {
            return Err(Fault::NotFound);
        }
        Ok(Self { me, organisation, is_admin: role == Role::Admin })
    }

    fn admin(&self) -> Result<(), Fault> {
        if self.is_admin { Ok(()) } else { Err(MemberFault::NotAdmin.into()) }
    }
}

impl<T: Owned> At<T> {
    fn path(&self) -> String {
        self.it.path()
    }
}

async fn named(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Named, Fault> {
    let named = Path::<Named>::from_request_parts(parts, platform).await;
    named.map(|Path(named)| named).map_err(|_| Fault::NotFound)
}

impl FromRequestParts<Arc<Platform>> for AtPartner {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let id = named(parts, platform).await?.organisation.and_then(|id| id.parse().ok());
        let at = Self::of(platform, id.ok_or(Fault::NotFound)?, me).await?;
        parts.extensions.insert(at.rests_on(Role::Member));
        Ok(at)
    }
}

impl<T: Owned> FromRequestParts<Arc<Platform>> for At<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let it = T::find(platform, named(parts, platform).await?).await?.ok_or(Fault::NotFound)?;
        let at = AtPartner::of(platform, it.owner(), me).await?;
        parts.extensions.insert(at.rests_on(Role::Member));
        Ok(Self { at, it })
    }
}

impl FromRequestParts<Arc<Platform>> for DecidingFor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let at = AtPartner::from_request_parts(parts, platform).await?;
        at.admin()?;
        Surely::from_request_parts(parts, platform).await?;
        parts.extensions.insert(at.rests_on(Role::Admin));
        Ok(Self(at))
    }
}

impl<T: Owned> FromRequestParts<Arc<Platform>> for Deciding<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let at = At::<T>::from_request_parts(parts, platform).await?;
        at.at.admin()?;
        Surely::from_request_parts(parts, platform).await?;
        parts.extensions.insert(at.at.rests_on(Role::Admin));
        Ok(Self(at))
    }
}
