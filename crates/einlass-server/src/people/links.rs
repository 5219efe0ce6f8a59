//! One-time links: an invitation to an organisation, and the way back to an account whose password is forgotten. An
//! admin hands them on; nothing is ever sent.

use super::passwords::check;
use super::{Browser, Busy, Held, PasswordFault, SignedIn, done};
use crate::Platform;
use einlass_protocol::ids::PersonId;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{Change, Joining, Link, LinkTo, Organisation, PasswordHash, Person, StoreError, Taken};

/// Why a link leads nowhere, or not yet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkFault {
    #[error("the link is unknown, used or expired")]
    Gone,
    #[error("the account of this address has to sign in first")]
    SignInFirst,
    #[error("the password cannot be chosen")]
    Password(PasswordFault),
    #[error("the name cannot be chosen")]
    Name,
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an invitation says to whoever opens it.
pub(crate) struct Welcome {
    pub(crate) link: Link,
    pub(crate) organisation: Organisation,
    /// Whoever has the address already.
    pub(crate) known: Option<Person>,
}

impl Platform {
    /// What an invitation leads to.
    pub(crate) async fn invitation(&self, code: &str) -> Result<Welcome, LinkFault> {
        let link = self.link(code).await?;
        let LinkTo::Join(organisation, _) = link.to else { return Err(LinkFault::Gone) };
        let organisation = self.store.organisation(organisation).await?.ok_or(LinkFault::Gone)?;
        let known = self.store.person_to_authenticate(&link.email).await?.map(|(person, _)| person);
        Ok(Welcome { link, organisation, known })
    }

    /// Accepts an invitation with the account that is signed in.
    pub(crate) async fn join(
        &self,
        code: &str,
        signed_in: &SignedIn,
        browser: &Browser,
    ) -> Result<Organisation, LinkFault> {
        let Welcome { link, organisation, .. } = self.invitation(code).await?;
        let person = &signed_in.person;
        if link.email != person.email {
            return Err(LinkFault::SignInFirst);
        }
        let detail = format!("{} {}", organisation.id, role_of(&link));
        let event = self.event_of(person, browser, "accept invitation", &detail);
        if !self.store.accept_invitation(&hash_of(code)?, Joining::Known(person), &event).await? {
            return Err(LinkFault::Gone);
        }
        self.apply(&Change::Membership(person.id)).await?;
        done(&event);
        Ok(organisation)
    }

    /// Accepts an invitation and makes the account that it needs. Whoever did is signed in.
    pub(crate) async fn join_anew(
        &self,
        code: &str,
        name: &str,
        password: Secret,
        browser: &Browser,
    ) -> Result<Held, LinkFault> {
        let Welcome { link, organisation, known } = self.invitation(code).await?;
        if known.is_some() {
            return Err(LinkFault::SignInFirst);
        }
        let person = self.new_person(link.email.clone(), name)?;
        let password = self.chosen(password, &person).await?;
        let detail = format!("{} {}", organisation.id, role_of(&link));
        let event = self.event_of(&person, browser, "accept invitation", &detail);
        let joining = Joining::New(&person, &password);
        match self.store.accept_invitation(&hash_of(code)?, joining, &event).await {
            Ok(true) => {
                done(&event);
                self.begin_session(&person, &password, browser, "sign in").await?.ok_or(LinkFault::Gone)
            }
            Ok(false) => Err(LinkFault::Gone),
            Err(StoreError::AlreadyExists(Taken::Email)) => Err(LinkFault::SignInFirst),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Whose password a link lets somebody choose anew.
    pub(crate) async fn recovery(&self, code: &str) -> Result<Person, LinkFault> {
        let link = self.link(code).await?;
        let known = self.store.person_to_authenticate(&link.email).await?.map(|(person, _)| person);
        known.filter(|_| link.to == LinkTo::Recover).ok_or(LinkFault::Gone)
    }

    /// Chooses it. Whoever did is signed in, and nobody else any more; and no app acts for them.
    pub(crate) async fn recover(
        &self,
        code: &str,
        password: Secret,
        browser: &Browser,
    ) -> Result<Held, LinkFault> {
        let person = self.recovery(code).await?;
        let password = self.chosen(password, &person).await?;
        let event = self.event_of(&person, browser, "recover account", "");
        let until = self.end_of_denial(event.at);
        let recovered =
            self.store.recover_account(&hash_of(code)?, person.id, &password, until, &event).await?;
        let changes = recovered.ok_or(LinkFault::Gone)?;
        done(&event);
        self.apply_all(&changes).await?;
        self.begin_session(&person, &password, browser, "sign in").await?.ok_or(LinkFault::Gone)
    }

    async fn link(&self, code: &str) -> Result<Link, LinkFault> {
        self.store.link(&hash_of(code)?, self.clock.wall()).await?.ok_or(LinkFault::Gone)
    }

    fn new_person(&self, email: EmailAddress, name: &str) -> Result<Person, LinkFault> {
        let id = PersonId::new(self.ordered_id(self.clock.wall()));
        let name = crate::admin::name_of_person(name).ok_or(LinkFault::Name)?;
        Ok(Person { id, email, name })
    }

    pub(crate) async fn chosen(&self, password: Secret, person: &Person) -> Result<PasswordHash, LinkFault> {
        check(&password, person.email.as_str(), &person.name).map_err(LinkFault::Password)?;
        Ok(self.people.passwords.hash(password, &*self.random).await?)
    }
}

/// Whatever is no link of ours is not looked up.
fn hash_of(code: &str) -> Result<SecretHash, LinkFault> {
    let is_link = SecretKind::recognise(code) == Some(SecretKind::Link);
    is_link.then(|| SecretHash::of(&Secret::new(code.into()))).ok_or(LinkFault::Gone)
}

fn role_of(link: &Link) -> &'static str {
    match link.to {
        LinkTo::Join(_, role) => role.as_str(),
        LinkTo::Recover => "",
    }
}
