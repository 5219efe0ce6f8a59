//! `/admin`: where the operator looks after the platform.
//!
//! | file | what it is |
//! |---|---|
//! | `organisations`, `organisation` | every organisation, and what one of them has |
//! | `additions` | what an organisation is given: a tenant, a channel, an ERP |
//! | `tenant` | for whom apps act: which ones, and what it sells with |
//! | `apps`, `app` | every app, and one of them: published, sent back, with its secrets and installations |
//! | `channels` | marketplace channels |
//! | `sites` | ERPs on merchants' own premises, and the apps that have a key there |
//! | `people` | who can sign in, and which apps act for them |
//! | `audit` | who did what, also as a file |
//! | `keys` | what the platform signs with |
//! | `tokens` | what opens the administration API |
//! | `health` | how the platform is, and how much it is used |
//! | `rows` | a list of things that each have a page |
//! | `ending`, `ends` | what stands before the end of anything, and what can be ended |
//! | `first` | the first administrator of a new platform |
//! | `find` | the page of whatever has an id |
//! | `words` | what these pages say, beside what all pages do |

mod additions;
mod app;
mod apps;
mod audit;
mod channels;
mod ending;
mod ends;
mod find;
mod first;
mod health;
mod keys;
mod organisation;
mod organisations;
mod people;
mod rows;
mod sites;
mod tenant;
mod tokens;
mod words;

use super::fault::Fault;
use super::form::RestsOn;
use super::visit::{Me, Surely};
use crate::Platform;
use crate::people::SignedIn;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::routing::{get, post};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::person::Role;
use http::request::Parts;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/admin", get(organisations::page))
        .route("/admin/organisations/new", get(organisations::new).post(organisations::create))
        .route("/admin/organisations/{organisation}", get(organisation::page))
        .route("/admin/organisations/{organisation}/new/{kind}", get(additions::new).post(additions::create))
        .route("/admin/tenants/{tenant}", get(tenant::page))
        .route("/admin/apps", get(apps::page))
        .route("/admin/apps/{app}", get(app::page))
        .route("/admin/apps/{app}/publish", post(app::publish))
        .route("/admin/apps/{app}/send-back", post(app::send_back))
        .route("/admin/channels", get(channels::list))
        .route("/admin/channels/{channel}", get(channels::page))
        .route("/admin/sites", get(sites::list))
        .route("/admin/sites/{database}", get(sites::page))
        .route("/admin/people", get(people::list))
        .route("/admin/people/{person}", get(people::page))
        .route("/admin/audit", get(audit::page))
        .route("/admin/audit.jsonl", get(audit::export))
        .route("/admin/keys", get(keys::page))
        .route("/admin/keys/rotate", post(keys::rotate))
        .route("/admin/tokens", get(tokens::page))
        .route("/admin/tokens/new", get(tokens::new).post(tokens::create))
        .route("/admin/find", get(find::find))
        .route("/admin/apps/{app}/readmit", post(app::readmit))
        .route("/admin/channels/{channel}/readmit", post(channels::readmit))
        .route("/admin/health", get(health::page))
        .route("/admin/end/{kind}/{subject}", get(ending::page).post(ending::end))
        .route("/admin/first", get(first::page).post(first::claim))
}

/// A member of the operator's organisation: for what only looks.
pub(super) struct Operator {
    /// Whether it is an admin, who may change what it sees.
    may_change: bool,
}

/// An admin of it who has just proved to be who it is: for what changes something.
pub(super) struct SurelyOperator(pub(super) Arc<SignedIn>);

impl FromRequestParts<Arc<Platform>> for Operator {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let role = platform.store.role_in(OrganisationId::OPERATOR, me.person.id).await?;
        role.map(|role| Self { may_change: role == Role::Admin }).ok_or(Fault::NotOperator)
    }
}

impl FromRequestParts<Arc<Platform>> for SurelyOperator {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Surely(me) = Surely::from_request_parts(parts, platform).await?;
        let role = platform.store.role_in(OrganisationId::OPERATOR, me.person.id).await?;
        role.filter(|role| *role == Role::Admin).ok_or(Fault::NotOperator)?;
        let (organisation, person) = (OrganisationId::OPERATOR, me.person.id);
        parts.extensions.insert(RestsOn { organisation, person, role: Role::Admin, or_operator: false });
        Ok(Self(me))
    }
}
