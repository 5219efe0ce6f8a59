//! `/organisations/{organisation}`: who is a member, and for admins, who becomes one.

use super::fault::Fault;
use super::form::{Asked, Named, Posted};
use super::frame::{Frame, page as render};
use super::link;
use super::lists::{behind, more, tidy};
use super::visit::{Me, Surely, Visit};
use crate::Platform;
use crate::people::{MemberFault, SignedIn, Standing, acting};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::{EmailAddress, Role};
use einlass_store::{Maker, Member, MemberFilter, Organisation, Page};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage<'v> {
    f: Frame<'v>,
    me: &'v SignedIn,
    standing: Standing,
    search: String,
    is_first: bool,
    members: Vec<Member>,
    /// Behind whom the next page begins.
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "invite.html")]
struct Invite<'v> {
    f: Frame<'v>,
    organisation: Organisation,
    email: String,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "member.html")]
struct MemberPage<'v> {
    f: Frame<'v>,
    organisation: Organisation,
    member: Member,
}

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
}

#[derive(Deserialize)]
pub(super) struct Invited {
    email: String,
    role: String,
}

#[derive(Deserialize)]
pub(super) struct NewRole {
    role: String,
}

pub(super) async fn page(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Named(organisation): Named<OrganisationId>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Fault> {
    let standing = platform.standing(organisation, &me.person).await?;
    let Wanted { search, after } = wanted;
    let search = tidy(&search);
    let after: Option<EmailAddress> = after.parse().ok();
    let is_first = after.is_none();
    let Page { after, size } = behind(after);
    let filter = MemberFilter { search: search.clone(), after, size };
    let mut members = platform.store.members(standing.organisation.id, &filter).await?;
    let more = more(&mut members, |member| member.person.email.to_string());
    let f = Frame::of(&visit);
    render(StatusCode::OK, &MembersPage { f, me: &me, standing, search, is_first, members, more })
}

/// Where an admin says whom to invite. Whoever gets here has just proved to be who it is, so that nothing is typed in vain.
pub(super) async fn invite_page(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Named(organisation): Named<OrganisationId>,
) -> Result<Response, Fault> {
    let organisation = platform.standing(organisation, &me.person).await?.admin()?.organisation;
    render(StatusCode::OK, &Invite { f: Frame::of(&visit), organisation, email: String::new(), fault: None })
}

pub(super) async fn one(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Named((organisation, member)): Named<(OrganisationId, PersonId)>,
) -> Result<Response, Fault> {
    let organisation = platform.standing(organisation, &me.person).await?.admin()?.organisation;
    let member = platform.store.member(organisation.id, member).await?.ok_or(MemberFault::NoMember)?;
    render(StatusCode::OK, &MemberPage { f: Frame::of(&visit), organisation, member })
}

pub(super) async fn invite(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Named(organisation): Named<OrganisationId>,
    Posted(Invited { email, role }): Posted<Invited>,
) -> Result<Response, Fault> {
    let standing = platform.standing(organisation, &me.person).await?.admin()?;
    let role: Role = role.parse().map_err(|_| Fault::Unreadable)?;
    let Ok(address) = email.parse::<EmailAddress>() else {
        let (f, organisation) = (Frame::of(&visit), standing.organisation);
        let fault = Some(f.w.not_an_email);
        return render(StatusCode::UNPROCESSABLE_ENTITY, &Invite { f, organisation, email, fault });
    };
    let actor = acting(&me.person, &visit.browser);
    let handed_on =
        platform.invite(organisation, address, role, (&actor, Maker::Person(me.person.id))).await?;
    link::show(&visit, &handed_on, &home(organisation))
}

pub(super) async fn change_role(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Named((organisation, member)): Named<(OrganisationId, PersonId)>,
    Posted(NewRole { role }): Posted<NewRole>,
) -> Result<Response, Fault> {
    platform.standing(organisation, &me.person).await?.admin()?;
    let role: Role = role.parse().map_err(|_| Fault::Unreadable)?;
    let (actor, by) = (acting(&me.person, &visit.browser), Maker::Person(me.person.id));
    platform.change_role(organisation, member, role, (&actor, by)).await?;
    Ok(Redirect::to(&home(organisation)).into_response())
}

pub(super) async fn offer_recovery(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Named((organisation, member)): Named<(OrganisationId, PersonId)>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let standing = platform.standing(organisation, &me.person).await?.admin()?;
    let actor = acting(&me.person, &visit.browser);
    let handed_on = platform
        .offer_recovery((organisation, member), standing.is_operator, (&actor, Maker::Person(me.person.id)))
        .await?;
    link::show(&visit, &handed_on, &home(organisation))
}

pub(super) async fn remove(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Named((organisation, member)): Named<(OrganisationId, PersonId)>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.standing(organisation, &me.person).await?.admin()?;
    let (actor, by) = (acting(&me.person, &visit.browser), Maker::Person(me.person.id));
    platform.remove_member(organisation, member, (&actor, by)).await?;
    let own = me.person.id == member;
    Ok(Redirect::to(&if own { "/me".into() } else { home(organisation) }).into_response())
}

fn home(organisation: OrganisationId) -> String {
    format!("/organisations/{organisation}")
}
