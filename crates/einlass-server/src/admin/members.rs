//! `/admin/api/organisations/{organisation}/members` and `…/invitations`: who may sign in for an organisation. Links are
//! in the answer and nowhere else; whoever asked for one hands it on.

use super::fields::Parsed;
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By, Unauthenticated};
use crate::Platform;
use crate::people::{HandedOn, MemberFault};
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::{EmailAddress, Role};
use einlass_store::{Maker, Member, MemberFilter};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A member in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: PersonId,
    email: String,
    name: String,
    role: &'static str,
    since: Time,
}

impl From<Member> for View {
    fn from(Member { person, role, since }: Member) -> Self {
        let (id, name) = (person.id, person.name);
        Self { id, email: person.email.to_string(), name, role: role.as_str(), since: since.into() }
    }
}

/// An invitation to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    email: Parsed<EmailAddress>,
    role: Parsed<Role>,
}

/// A link, which is nowhere else.
#[derive(Serialize)]
pub(super) struct Created {
    email: String,
    url: String,
    expires_at: Time,
}

impl From<HandedOn> for Created {
    fn from(HandedOn { url, link }: HandedOn) -> Self {
        Self {
            email: link.email.to_string(),
            url: url.expose().to_owned(),
            expires_at: link.expires_at.into(),
        }
    }
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(organisation)): Named<Parsed<OrganisationId>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let organisation = platform.find_organisation(organisation).await?.id;
    let page = paging.page()?;
    let filter = MemberFilter { search: String::new(), after: page.after, size: page.size };
    let rows = platform.store.members(organisation, &filter).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.person.email.to_string(), View::from)))
}

pub(super) async fn invite(
    By(actor, token): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(organisation)): Named<Parsed<OrganisationId>>,
    Input(New { email: Parsed(email), role: Parsed(role) }): Input<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let organisation = platform.find_organisation(organisation).await?.id;
    let handed_on = platform.invite(organisation, email, role, (&actor, Maker::Token(token))).await?;
    Ok((StatusCode::CREATED, Json(handed_on.into())))
}

pub(super) async fn recover(
    By(actor, token): By,
    State(platform): State<Arc<Platform>>,
    Named((Parsed(organisation), Parsed(member))): Named<(Parsed<OrganisationId>, Parsed<PersonId>)>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let handed_on =
        platform.offer_recovery((organisation, member), true, (&actor, Maker::Token(token))).await?;
    Ok((StatusCode::CREATED, Json(handed_on.into())))
}

pub(super) async fn remove(
    By(actor, token): By,
    State(platform): State<Arc<Platform>>,
    Named((Parsed(organisation), Parsed(member))): Named<(Parsed<OrganisationId>, Parsed<PersonId>)>,
) -> Result<StatusCode, AdminError> {
    platform.find_organisation(organisation).await?;
    platform.remove_member(organisation, member, (&actor, Maker::Token(token))).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<MemberFault> for AdminError {
    fn from(fault: MemberFault) -> Self {
        match fault {
            MemberFault::Store(fault) => Self::Store(fault),
            MemberFault::LastAdmin => {
                Self::Conflict("an organisation keeps an admin; make somebody else one first")
            }
            // The token has ended since it was looked at.
            MemberFault::NotAdmin => Self::Unauthenticated(Unauthenticated::Revoked),
            other => Self::NotFound(format!(
                "{other}; GET /admin/api/organisations/{{organisation}}/members lists who there is"
            )),
        }
    }
}
