//! `/admin/people` and `/admin/people/{person}`: who can sign in, where they belong, and which apps act for them.

use super::Operator;
use super::rows::RowList;
use super::words::Console;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{Row, behind, more, tidy};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::{GrantId, PersonId};
use einlass_protocol::person::{EmailAddress, Role};
use einlass_store::{CallsOf, GrantFilter, ListedGrant, Organisation, Person};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/person.html")]
struct PersonPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    person: Person,
    sessions: usize,
    calls_today: i64,
    organisations: Vec<(Organisation, Role)>,
    grants: Vec<ListedGrant>,
    more: Option<GrantId>,
    may_change: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
}

#[derive(Deserialize)]
pub(super) struct WantedGrants {
    #[serde(default)]
    done: String,
    after: Option<GrantId>,
}

pub(super) async fn list(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { search, after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let search = tidy(&search);
    let after: Option<EmailAddress> = match after.as_str() {
        "" => None,
        after => Some(after.parse().map_err(|_| Fault::Unreadable)?),
    };
    let is_first = after.is_none();
    let mut people = platform.store.people_like(&search, &behind(after)).await?;
    let more = more(&mut people, |person| person.email.to_string());
    let row = |Person { id, email, name }: Person| Row {
        path: format!("/admin/people/{id}"),
        name,
        code: email.to_string(),
    };
    let rows = people.into_iter().map(row).collect();
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    let list = RowList {
        here: "/admin/people",
        heading: p.people,
        hint: None,
        find: Some(p.find_person),
        none: f.w.nobody_found,
        f,
        p,
        search,
        is_first,
        rows,
        more,
    };
    render(StatusCode::OK, &list)
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(WantedGrants { done, after }): Asked<WantedGrants>,
) -> Result<Response, Fault> {
    let (store, now) = (&platform.store, platform.clock.wall());
    let id: PersonId = named.parse().map_err(|_| Fault::NotFound)?;
    let person = store.person(id).await?.ok_or(Fault::NotFound)?;
    let sessions = platform.sessions_of(&person).await?.len();
    let calls_today = store.calls_of_several(&CallsOf::Person(id), now).await?;
    let organisations = store.memberships_of(id).await?;
    let mut grants = store.grants(&GrantFilter::OfPerson(id), &behind(after), now).await?;
    let more = more(&mut grants, |grant| grant.id);
    let p = Console::in_language(visit.language);
    let f = Frame::of(&visit).saying(p.said(&visit, &done));
    let page = PersonPage { f, p, person, sessions, calls_today, organisations, grants, more, may_change };
    render(StatusCode::OK, &page)
}
