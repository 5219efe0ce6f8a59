//! `/admin`: where the operator looks after the platform.
//!
//! | file | what it is |
//! |---|---|
//! | `organisations` | every organisation |
//! | `apps`, `app` | every app, and one of them: published, sent back, shut out |
//! | `audit` | who did what, also as a file |
//! | `keys` | what the platform signs with |
//! | `tokens` | what opens the administration API |
//! | `first` | the first administrator of a new platform |
//! | `words` | what these pages say, beside what all pages say |

mod app;
mod apps;
mod audit;
mod first;
mod keys;
mod organisations;
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
use einlass_store::PageSize;
use http::request::Parts;
use std::sync::Arc;

const MOST_SEARCH_CHARACTERS: usize = 100;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/admin", get(organisations::page))
        .route("/admin/organisations/new", get(organisations::new).post(organisations::create))
        .route("/admin/apps", get(apps::page))
        .route("/admin/apps/{app}", get(app::page))
        .route("/admin/apps/{app}/publish", post(app::publish))
        .route("/admin/apps/{app}/send-back", post(app::send_back))
        .route("/admin/apps/{app}/shut-out", get(app::shut_out_page).post(app::shut_out))
        .route("/admin/audit", get(audit::page))
        .route("/admin/audit.jsonl", get(audit::export))
        .route("/admin/keys", get(keys::page))
        .route("/admin/keys/rotate", post(keys::rotate))
        .route("/admin/keys/distrust", get(keys::distrust_page).post(keys::distrust))
        .route("/admin/tokens", get(tokens::page))
        .route("/admin/tokens/new", get(tokens::new).post(tokens::create))
        .route("/admin/tokens/revoke", post(tokens::revoke))
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

/// What is looked for, without what nothing is called.
fn tidy(search: &str) -> String {
    search.trim().chars().filter(|sign| !sign.is_control()).take(MOST_SEARCH_CHARACTERS).collect()
}

fn rows(count: u16) -> PageSize {
    PageSize::new(count).unwrap_or(PageSize::MOST)
}
