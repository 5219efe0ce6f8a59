//! `/admin`: every organisation, by name.

use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::admin::name_of_person;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{Organisation, OrganisationFilter, PageSize};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

const ROWS: u16 = 50;
const MOST_SEARCH_CHARACTERS: usize = 100;

#[derive(Template)]
#[template(path = "organisations.html")]
struct OrganisationList<'v> {
    f: Frame<'v>,
    search: String,
    is_first: bool,
    organisations: Vec<Organisation>,
    /// Behind which the next page begins.
    more: Option<OrganisationId>,
    name: String,
    fault: Option<&'static str>,
}

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    search: String,
    after: Option<OrganisationId>,
}

#[derive(Deserialize)]
pub(super) struct New {
    name: String,
    kind: String,
}

pub(super) async fn page(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Fault> {
    show(&visit, &platform, wanted, String::new(), None).await
}

async fn show(
    visit: &Visit,
    platform: &Platform,
    Wanted { search, after }: Wanted,
    name: String,
    fault: Option<&'static str>,
) -> Result<Response, Fault> {
    let search: String =
        search.trim().chars().filter(|sign| !sign.is_control()).take(MOST_SEARCH_CHARACTERS).collect();
    let size = PageSize::new(ROWS).unwrap_or(PageSize::MOST);
    let filter = OrganisationFilter { search: search.clone(), after, size };
    let organisations = platform.store.find_organisations(&filter).await?;
    let last = organisations.last().map(|organisation| organisation.id);
    let more = last.filter(|_| organisations.len() == usize::from(ROWS));
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (f, is_first) = (Frame::of(visit), after.is_none());
    render(status, &OrganisationList { f, search, is_first, organisations, more, name, fault })
}

/// Records one, and leads to where its first member is invited.
pub(super) async fn create(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Posted(New { name, kind }): Posted<New>,
) -> Result<Response, Fault> {
    let kind = kind.parse().ok().filter(|kind| *kind != OrganisationKind::Operator);
    let kind = kind.ok_or(Fault::Unreadable)?;
    let Some(called) = name_of_person(&name) else {
        let said = Frame::of(&visit).w.name_fault;
        return show(&visit, &platform, Wanted::default(), name, Some(said)).await;
    };
    let actor = acting(&me.person, &visit.browser);
    let organisation = platform.create_organisation(called, kind, &actor).await?;
    let members = format!("{}/organisations/{}", visit.place.identity, organisation.id);
    Ok(Redirect::to(&members).into_response())
}
