//! `/me`: one's own account: organisations, password, sessions, security events.

use super::events::action;
use super::fault::Fault;
use super::form::{Asked, Posted};
use super::frame::{Frame, Moment, page as render};
use super::visit::{Me, Visit};
use super::words::Words;
use crate::Platform;
use crate::people::{PasswordFault, SignedIn, acting};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{GrantId, SessionId};
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::person::Role;
use einlass_store::{
    AuditEvent, AuditFilter, GrantFilter, ListedGrant, Organisation, Outcome, Page, PageSize, Passkey,
    PersonSession,
};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// How many events the account's page shows, and how many a page of their own.
const FEW: u32 = 5;
const MANY: u32 = 50;
/// How many of what was granted at once.
const GRANTS: u16 = 50;

#[derive(Template)]
#[template(path = "account.html")]
struct Account<'v> {
    f: Frame<'v>,
    me: &'v SignedIn,
    organisations: Vec<(Organisation, Role)>,
    /// The surfaces that there are for such organisations, and where.
    places: Vec<(&'static str, String)>,
    sessions: Vec<PersonSession>,
    passkeys: Vec<Passkey>,
    grants: Vec<ListedGrant>,
    /// Behind which there are more of them.
    more_grants: Option<GrantId>,
    events: Vec<Event<'v>>,
}

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage<'v> {
    f: Frame<'v>,
    events: Vec<Event<'v>>,
    more: Option<Uuid>,
}

impl Account<'_> {
    /// A browser's name of itself, as people call it.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn device(&self, agent: &str) -> String {
        let first = |names: &[(&str, &'static str)]| {
            names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
        };
        // The later ones call themselves by the names of the earlier ones too.
        let browser = first(&[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser}, {system}"),
            (Some(one), None) | (None, Some(one)) => one.into(),
            (None, None) => agent.chars().take(60).collect(),
        }
    }
}

/// A security event in words.
struct Event<'v> {
    at: Moment,
    what: &'v str,
    is_refused: bool,
    address: &'v str,
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    done: String,
    /// The grant behind which the list goes on.
    grants: Option<GrantId>,
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<Uuid>,
}

#[derive(Deserialize)]
pub(super) struct EndedGrant {
    grant: GrantId,
}

#[derive(Deserialize)]
pub(super) struct Ended {
    session: SessionId,
}

pub(super) async fn page(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Asked(Said { done, grants: after }): Asked<Said>,
) -> Result<Response, Fault> {
    let notice = match &*done {
        "password" => Some(Words::in_language(visit.language).password_changed),
        "recovered" => Some(Words::in_language(visit.language).recovered),
        "passkey" => Some(Words::in_language(visit.language).passkey_added),
        "session" => Some(Words::in_language(visit.language).session_ended),
        "grant" => Some(Words::in_language(visit.language).grant_ended),
        _ => None,
    };
    let organisations = platform.store.memberships_of(me.person.id).await?;
    let sessions = platform.sessions_of(&me.person).await?;
    let passkeys = platform.store.passkeys_of(me.person.id).await?;
    let some = Page { after, size: PageSize::new(GRANTS).unwrap_or(PageSize::MOST) };
    let of_person = GrantFilter::OfPerson(me.person.id);
    let grants = platform.store.grants(&of_person, &some, platform.clock.wall()).await?;
    let more_grants = grants.last().map(|grant| grant.id).filter(|_| grants.len() == usize::from(GRANTS));
    let events = events_of(&platform, &me, None, FEW).await?;
    let f = Frame::of(&visit).saying(notice);
    let events = events.iter().map(|event| in_words(&f, event)).collect();
    let places = places(&platform, f.w, &organisations);
    let me = &*me;
    let page = Account { f, me, organisations, places, sessions, passkeys, grants, more_grants, events };
    render(StatusCode::OK, &page)
}

/// Where members of these organisations can go.
fn places(
    platform: &Platform,
    w: &'static Words,
    organisations: &[(Organisation, Role)],
) -> Vec<(&'static str, String)> {
    let is_for = |surface: FirstParty| {
        organisations.iter().any(|(Organisation { kind, .. }, _)| match surface {
            FirstParty::Hub => kind.is_merchant(),
            // Who runs a platform for itself is its operator.
            FirstParty::OnPremise => kind.is_merchant() || *kind == OrganisationKind::Operator,
            FirstParty::Partner => kind.is_partner(),
            FirstParty::Console => *kind == OrganisationKind::Operator,
        })
    };
    let homes = platform.settings.homes.iter().filter(|(surface, _)| is_for(**surface));
    homes.map(|(surface, origin)| (w.surface(*surface), format!("{origin}{}", surface.path()))).collect()
}

pub(super) async fn events(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Asked(Before { before }): Asked<Before>,
) -> Result<Response, Fault> {
    let events = events_of(&platform, &me, before, MANY).await?;
    let more = events.last().map(|event| event.id).filter(|_| events.len() == MANY as usize);
    let f = Frame::of(&visit);
    let events = events.iter().map(|event| in_words(&f, event)).collect();
    render(StatusCode::OK, &EventsPage { f, events, more })
}

async fn events_of(
    platform: &Platform,
    me: &SignedIn,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<AuditEvent>, Fault> {
    let subject = Some(me.person.id.to_string());
    Ok(platform.audit(&AuditFilter { subject, before, ..AuditFilter::default() }, limit).await?)
}

fn in_words<'e>(f: &Frame<'_>, event: &'e AuditEvent) -> Event<'e> {
    Event {
        at: f.moment(&event.at),
        what: action(f.language, &event.action),
        is_refused: event.outcome == Outcome::Refused,
        address: &event.address,
    }
}

/// What is wrong with a password.
pub(super) fn in_a_word(w: &'static Words, fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::TooShort => w.too_short,
        PasswordFault::TooLong => w.too_long,
        PasswordFault::Guessable => w.guessable,
    }
}

pub(super) async fn end_session(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(Ended { session }): Posted<Ended>,
) -> Result<Response, Fault> {
    platform.end_session(&me.person, session, &visit.browser).await?;
    Ok(Redirect::to("/me?done=session#sessions").into_response())
}

pub(super) async fn end_grant(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(EndedGrant { grant }): Posted<EndedGrant>,
) -> Result<Response, Fault> {
    platform.end_grant(grant, me.person.id, &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to("/me?done=grant#grants").into_response())
}

pub(super) async fn end_other_sessions(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.end_other_sessions(&me, &visit.browser).await?;
    Ok(Redirect::to("/me?done=session#sessions").into_response())
}
