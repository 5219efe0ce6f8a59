//! `/admin`: where the operator looks after the platform.

mod first;
mod organisations;
mod tokens;

use super::fault::Fault;
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
        .route("/admin/tokens", get(tokens::page))
        .route("/admin/tokens/new", get(tokens::new).post(tokens::create))
        .route("/admin/tokens/revoke", post(tokens::revoke))
        .route("/admin/first", get(first::page).post(first::claim))
}

/// A member of the operator's organisation: for what only looks.
pub(super) struct Operator;

/// An admin of it who has just proved to be who it is: for what changes something.
pub(super) struct SurelyOperator(pub(super) Arc<SignedIn>);

impl FromRequestParts<Arc<Platform>> for Operator {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        let role = platform.store.role_in(OrganisationId::OPERATOR, me.person.id).await?;
        role.map(|_| Self).ok_or(Fault::NotOperator)
    }
}

impl FromRequestParts<Arc<Platform>> for SurelyOperator {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Surely(me) = Surely::from_request_parts(parts, platform).await?;
        let role = platform.store.role_in(OrganisationId::OPERATOR, me.person.id).await?;
        role.filter(|role| *role == Role::Admin).map(|_| Self(me)).ok_or(Fault::NotOperator)
    }
}
