//! Members of an organisation, and who may change them: its admins, and the operator's.

use super::done;
use crate::Platform;
use crate::audit::Actor;
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::{EmailAddress, Role};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{
    AuditEvent, Change, Changed, Link, LinkTo, Maker, Organisation, Person, Recovery, StoreError,
};
use std::time::Duration;

/// How long an admin has to hand an invitation on, and its receiver to accept it.
const INVITATION_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// The way into somebody's account is shorter.
const RECOVERY_LIFETIME: Duration = Duration::from_hours(24);

/// Why members are not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MemberFault {
    #[error("there is no such organisation, or it is not this person's")]
    NoOrganisation,
    #[error("this is for admins")]
    NotAdmin,
    #[error("there is no such member")]
    NoMember,
    #[error("an organisation keeps an admin")]
    LastAdmin,
    #[error("the member belongs to other organisations too")]
    BelongsToOthers,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link, which is nowhere else.
pub(crate) struct HandedOn {
    pub(crate) url: Secret,
    pub(crate) link: Link,
}

/// What somebody is in an organisation.
pub(crate) struct Standing {
    pub(crate) organisation: Organisation,
    /// Whether it may change who is a member.
    pub(crate) is_admin: bool,
    /// Whether it is the operator's.
    pub(crate) is_operator: bool,
}

impl Standing {
    /// For what only admins may do.
    pub(crate) fn admin(self) -> Result<Self, MemberFault> {
        if self.is_admin { Ok(self) } else { Err(MemberFault::NotAdmin) }
    }
}

impl Platform {
    /// What somebody is in an organisation. For whoever is nothing in it, it is not there.
    pub(crate) async fn standing(
        &self,
        organisation: OrganisationId,
        person: &Person,
    ) -> Result<Standing, MemberFault> {
        let role = self.store.role_in(organisation, person.id).await?;
        let is_operator = self.store.role_in(OrganisationId::OPERATOR, person.id).await? == Some(Role::Admin);
        if role.is_none() && !is_operator {
            return Err(MemberFault::NoOrganisation);
        }
        let organisation = self.store.organisation(organisation).await?.ok_or(MemberFault::NoOrganisation)?;
        Ok(Standing { organisation, is_admin: is_operator || role == Some(Role::Admin), is_operator })
    }

    /// An invitation, to be handed on. It ends with what its maker may do.
    pub(crate) async fn invite(
        &self,
        organisation: OrganisationId,
        email: EmailAddress,
        role: Role,
        (actor, by): (&Actor, Maker),
    ) -> Result<HandedOn, StoreError> {
        let detail = format!("{email} {role}");
        let event = self.event(actor, "invite member", &organisation.to_string(), &detail);
        let (to, expires_at) = (LinkTo::Join(organisation, role), event.at.plus(INVITATION_LIFETIME));
        let (code, link) = (self.random.secret(SecretKind::Link), Link { email, to, expires_at });
        self.store.invite(&SecretHash::of(&code), &link, Some(by), &event).await?;
        done(&event);
        Ok(self.hand_on("/invitation/", &code, link))
    }

    /// A way back to a member's account. Whoever belongs to other organisations too is none of this one's admins', but
    /// of the operator's: their account opens more than this organisation.
    pub(crate) async fn offer_recovery(
        &self,
        (organisation, member): (OrganisationId, PersonId),
        by_operator: bool,
        (actor, by): (&Actor, Maker),
    ) -> Result<HandedOn, MemberFault> {
        let event = self.event(actor, "offer recovery", &member.to_string(), "");
        let (code, expires_at) = (self.random.secret(SecretKind::Link), event.at.plus(RECOVERY_LIFETIME));
        let (hash, whose) = (SecretHash::of(&code), (organisation, member, !by_operator));
        match self.store.offer_recovery(&hash, whose, expires_at, Some(by), &event).await? {
            Recovery::Offered(link) => {
                done(&event);
                Ok(self.hand_on("/recovery/", &code, link))
            }
            Recovery::NoMember => Err(MemberFault::NoMember),
            Recovery::BelongsToOthers => Err(MemberFault::BelongsToOthers),
        }
    }

    fn hand_on(&self, path: &str, code: &Secret, link: Link) -> HandedOn {
        let url = Secret::new(format!("{}{path}{}", self.settings.public_url, code.expose()));
        HandedOn { url, link }
    }

    /// Changes what a member may do.
    pub(crate) async fn change_role(
        &self,
        organisation: OrganisationId,
        member: PersonId,
        role: Role,
        (actor, by): (&Actor, Maker),
    ) -> Result<(), MemberFault> {
        let event = self.event(actor, "change role", &member.to_string(), &format!("{organisation} {role}"));
        outcome(self.store.change_role(organisation, member, role, by, &event).await?, &event)
    }

    /// Ends a membership.
    pub(crate) async fn remove_member(
        &self,
        organisation: OrganisationId,
        member: PersonId,
        (actor, by): (&Actor, Maker),
    ) -> Result<(), MemberFault> {
        let event = self.event(actor, "remove member", &member.to_string(), &organisation.to_string());
        let changed = self.store.remove_member(organisation, member, by, &event).await?;
        // When this returns, no gateway lets in what acts for them there.
        self.apply(&Change::Membership(member)).await?;
        outcome(changed, &event)
    }
}

/// What was so already needs no doing.
fn outcome(changed: Changed, event: &AuditEvent) -> Result<(), MemberFault> {
    match changed {
        Changed::Done => done(event),
        Changed::Nothing => {}
        Changed::LastAdmin => return Err(MemberFault::LastAdmin),
        Changed::NotAllowed => return Err(MemberFault::NotAdmin),
    }
    Ok(())
}
