//! `/admin`: every organisation, by name.

use super::words::Console;
use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::admin::name_of_person;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more, tidy};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{Organisation, OrganisationFilter, Page};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/organisations.html")]
struct OrganisationList<'v> {
    f: Frame<'v>,
    p: &'static Console,
    search: String,
    is_first: bool,
    organisations: Vec<Organisation>,
    /// Behind which the next page begins.
    more: Option<OrganisationId>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "console/new_organisation.html")]
struct NewPage<'v> {
    f: Frame<'v>,
    name: String,
    fault: Option<&'static str>,
}

#[derive(Deserialize)]
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
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { search, after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let search = tidy(&search);
    let is_first = after.is_none();
    let Page { after, size } = behind(after);
    let filter = OrganisationFilter { search: search.clone(), after, size };
    let mut organisations = platform.store.find_organisations(&filter).await?;
    let more = more(&mut organisations, |organisation| organisation.id);
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    render(StatusCode::OK, &OrganisationList { f, p, search, is_first, organisations, more, may_change })
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn new(visit: Visit, _: SurelyOperator) -> Result<Response, Fault> {
    render(StatusCode::OK, &NewPage { f: Frame::of(&visit), name: String::new(), fault: None })
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
        let f = Frame::of(&visit);
        let fault = Some(f.w.name_fault);
        return render(StatusCode::UNPROCESSABLE_ENTITY, &NewPage { f, name, fault });
    };
    let actor = acting(&me.person, &visit.browser);
    let organisation = platform.create_organisation(called, kind, &actor).await?;
    let members = format!("{}/organisations/{}", visit.place.identity, organisation.id);
    Ok(Redirect::to(&members).into_response())
}
