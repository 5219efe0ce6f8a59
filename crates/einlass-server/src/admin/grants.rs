//! `/admin/api/people/{person}/grants`, `/admin/api/clients/{client}/grants`: what people let apps' clients do for them, and its end.

use super::fields::Parsed;
use super::input::{Asked, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By, done};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{ClientId, GrantId, PersonId};
use einlass_protocol::scope::ScopeSet;
use einlass_store::{GrantFilter, ListedGrant, Page};
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;

/// A grant in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: GrantId,
    person: PersonId,
    client: ClientId,
    app_name: String,
    issuer: String,
    scopes: ScopeSet,
    granted_at: Time,
    last_used_at: Option<Time>,
}

pub(super) async fn of_person(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(person): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let filter = GrantFilter::OfPerson(platform.find_person(&person).await?.id);
    list(&platform, &filter, &paging.page()?).await
}

pub(super) async fn of_client(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(client): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let filter = GrantFilter::OfClient(platform.find_client(&client).await?.id);
    list(&platform, &filter, &paging.page()?).await
}

async fn list(
    platform: &Platform,
    filter: &GrantFilter,
    page: &Page<GrantId>,
) -> Result<Json<Listing<View>>, AdminError> {
    let rows = platform.store.grants(filter, page, platform.clock.wall()).await?;
    let show = |grant: ListedGrant| View {
        issuer: platform.issuer(grant.issuer).url.clone(),
        id: grant.id,
        person: grant.person,
        client: grant.client,
        app_name: grant.app_name,
        scopes: grant.scope,
        granted_at: grant.granted_at.into(),
        last_used_at: grant.last_used_at.map(Time::from),
    };
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), show)))
}

/// When this has answered, no gateway lets in what came of it.
pub(super) async fn end(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(id)): Named<Parsed<GrantId>>,
) -> Result<StatusCode, AdminError> {
    let found = platform.store.grant_of_id(id).await?;
    let grant = found.ok_or_else(|| {
        let words = format!(
            "no grant that goes on has the id {id}; GET /admin/api/people/{{person}}/grants lists a person's"
        );
        AdminError::NotFound(words)
    })?;
    let event = platform.end_grant(id, grant.person, &actor).await?;
    done(&event);
    Ok(StatusCode::NO_CONTENT)
}
