//! `/hub`: where merchants find apps, let them in, use them and end them.
//!
//! | file | what it is |
//! |---|---|
//! | `tenants` | the tenants of whoever is signed in |
//! | `tenant` | one of them: its apps, as tiles |
//! | `catalogue` | the apps that it could have |
//! | `app` | one app: what it wants and may, letting it in, ending it |
//! | `shell` | an app's own pages, in frames |
//! | `bridge` | what the shell's script asks on an app's behalf |

mod app;
mod bridge;
mod catalogue;
mod shell;
mod tenant;
mod tenants;

use super::fault::Fault;
use super::form::RestsOn;
use super::visit::{Me, Surely};
use crate::Platform;
use crate::hub::{AppAt, HubFault};
use crate::people::{Busy, MemberFault, SignedIn};
use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::routing::{get, post};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::person::Role;
use einlass_store::Tenant;
use http::request::Parts;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/hub", get(tenants::page))
        .route("/hub/{tenant}", get(tenant::page))
        .route("/hub/{tenant}/apps", get(catalogue::page))
        .route("/hub/{tenant}/apps/{app}", get(app::page))
        .route("/hub/{tenant}/apps/{app}/install", post(app::install))
        .route("/hub/{tenant}/apps/{app}/remove", get(app::remove_page).post(app::remove))
        .route("/hub/{tenant}/apps/{app}/setup", get(shell::setup))
        .route("/hub/{tenant}/apps/{app}/items/{item}", get(shell::item))
        .route("/hub/{tenant}/panes/{context}", get(shell::panes))
        .route("/hub/{tenant}/apps/{app}/session-token", post(bridge::session_token))
        .route("/hub/{tenant}/apps/{app}/app-token", post(bridge::app_token))
        .route("/hub/{tenant}/apps/{app}/setup-completed", post(bridge::setup_completed))
}

#[derive(Deserialize)]
struct Named {
    tenant: String,
    app: Option<String>,
    item: Option<String>,
    context: Option<String>,
}

/// A tenant, for a member of its merchant's.
struct AtTenant {
    me: Arc<SignedIn>,
    tenant: Tenant,
    is_admin: bool,
    /// The context of panes that is asked for.
    context: String,
}

/// An app there, for the same.
struct AtApp {
    at: AtTenant,
    found: AppAt,
    /// The menu item that is asked for.
    item: String,
}

/// The same for an admin of the merchant's who has just proved to be who it is.
struct Deciding(AtApp);

impl AtTenant {
    /// The address of its page.
    fn path(&self) -> String {
        format!("/hub/{}", self.tenant.id)
    }

    fn rests_on(&self, role: Role) -> RestsOn {
        let (organisation, person) = (self.tenant.organisation, self.me.person.id);
        RestsOn { organisation, person, role, or_operator: false }
    }

    /// Whoever is no member of its merchant's: it is not there.
    async fn named(platform: &Platform, named: &Named, me: Arc<SignedIn>) -> Result<Self, Fault> {
        let id: TenantId = named.tenant.parse().map_err(|_| Fault::NotFound)?;
        let tenant = platform.store.tenant(id).await?.ok_or(Fault::NotFound)?;
        let role = platform.store.role_in(tenant.organisation, me.person.id).await?;
        let is_admin = role.ok_or(Fault::NotFound)? == Role::Admin;
        Ok(Self { me, tenant, is_admin, context: named.context.clone().unwrap_or_default() })
    }
}

impl AtApp {
    /// The address of its page.
    fn path(&self) -> String {
        format!("{}/apps/{}", self.at.path(), self.found.app.id)
    }
}

async fn named(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Named, Fault> {
    let named = Path::<Named>::from_request_parts(parts, platform).await;
    named.map(|Path(named)| named).map_err(|_| Fault::NotFound)
}

impl FromRequestParts<Arc<Platform>> for AtTenant {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let at = Self::named(platform, &named(parts, platform).await?, me).await?;
        parts.extensions.insert(at.rests_on(Role::Member));
        Ok(at)
    }
}

impl FromRequestParts<Arc<Platform>> for AtApp {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let at = AtTenant::from_request_parts(parts, platform).await?;
        let named = named(parts, platform).await?;
        let id: Option<AppId> = named.app.and_then(|id| id.parse().ok());
        let id = id.ok_or(Fault::NotFound)?;
        let found = platform.app_at(&at.tenant, id).await?.ok_or(Fault::NotFound)?;
        // Nothing is open for an app that is shut out, so that others need not be asked for.
        if found.installation.is_none() && platform.store.app_shut_out_at(id).await?.is_some() {
            return Err(Fault::ShutOut);
        }
        Ok(Self { at, found, item: named.item.unwrap_or_default() })
    }
}

impl FromRequestParts<Arc<Platform>> for Deciding {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let at = AtApp::from_request_parts(parts, platform).await?;
        if !at.at.is_admin {
            return Err(MemberFault::NotAdmin.into());
        }
        Surely::from_request_parts(parts, platform).await?;
        parts.extensions.insert(at.at.rests_on(Role::Admin));
        Ok(Self(at))
    }
}

impl From<HubFault> for Fault {
    fn from(fault: HubFault) -> Self {
        match fault {
            HubFault::ChangedMeanwhile => Self::AskedAnew,
            HubFault::NotInstalled => Self::NotFound,
            HubFault::NoKey => Self::Template,
            HubFault::Busy(_) => Self::Busy(Busy),
            HubFault::Store(fault) => Self::Store(fault),
        }
    }
}
