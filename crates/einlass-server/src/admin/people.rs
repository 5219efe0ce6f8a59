//! `/admin/api/people`: who can sign in, and where they belong.

use super::fields::Search;
use super::input::{Asked, Named};
use super::listing::{Limit, Listing, after};
use super::{Admin, AdminError};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::Role;
use einlass_store::{Organisation, Page, Person};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whom to list, by address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[serde(default)]
    search: Search,
    after: Option<String>,
    #[serde(default)]
    limit: Limit,
}

/// Somebody in a list.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: PersonId,
    email: String,
    name: String,
}

/// Somebody, and where they belong.
#[derive(Debug, Serialize)]
pub(super) struct Details {
    id: PersonId,
    email: String,
    name: String,
    organisations: Vec<Membership>,
    sessions: usize,
}

#[derive(Debug, Serialize)]
struct Membership {
    id: OrganisationId,
    name: String,
    role: &'static str,
}

impl From<Person> for View {
    fn from(Person { id, email, name }: Person) -> Self {
        Self { id, email: email.to_string(), name }
    }
}

impl From<(Organisation, Role)> for Membership {
    fn from((Organisation { id, name, .. }, role): (Organisation, Role)) -> Self {
        Self { id, name, role: role.as_str() }
    }
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(Question { search: Search(search), after: behind, limit: Limit(size) }): Asked<Question>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = Page { after: behind.map(|key| after(&key)).transpose()?, size };
    let rows = platform.store.people_like(&search, &page).await?;
    Ok(Json(Listing::of(rows, size, |row| row.email.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(person): Named<String>,
) -> Result<Json<Details>, AdminError> {
    let person = platform.find_person(&person).await?;
    let organisations = platform.store.memberships_of(person.id).await?;
    let organisations = organisations.into_iter().map(Membership::from).collect();
    let sessions = platform.sessions_of(&person).await?.len();
    let View { id, email, name } = person.into();
    Ok(Json(Details { id, email, name, organisations, sessions }))
}
