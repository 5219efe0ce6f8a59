//! Signing in: an address and a password become a session.

use super::{Browser, Busy, Held, PasskeyFault, Purpose, Question, SignedIn};
use crate::Platform;
use einlass_protocol::network::Network;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::secret::Secret;
use einlass_store::{Person, StoreError};
use std::time::Duration;

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInFault {
    /// No such account, or not its password: nobody is told which.
    #[error("address or password is wrong")]
    Wrong,
    #[error("too many wrong passwords")]
    TooManyGuesses(Duration),
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Passkey(#[from] PasskeyFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a right password leads to.
pub(crate) enum Proved<T> {
    /// That was all.
    Whole(T),
    /// A passkey has to follow.
    Half(Question),
}

impl Platform {
    /// Lets somebody in, or asks for the passkey. An unknown account answers like a known one, and as late.
    pub(crate) async fn sign_in(
        &self,
        email: &EmailAddress,
        password: Secret,
        browser: &Browser,
    ) -> Result<Proved<Held>, SignInFault> {
        let person = self.prove(email, password, browser, "sign in").await?;
        if let Some(question) = self.ask_for_passkey(person.id, Purpose::SignIn).await? {
            return Ok(Proved::Half(question));
        }
        Ok(Proved::Whole(self.begin_session(&person, browser, "sign in").await?))
    }

    /// Has whoever is signed in prove it once more.
    pub(crate) async fn prove_again(
        &self,
        signed_in: &SignedIn,
        password: Secret,
        browser: &Browser,
    ) -> Result<Proved<()>, SignInFault> {
        let SignedIn { person, session } = signed_in;
        self.prove(&person.email, password, browser, "confirm identity").await?;
        if let Some(question) = self.ask_for_passkey(person.id, Purpose::Confirm).await? {
            return Ok(Proved::Half(question));
        }
        let event = self.event_of(person, browser, "confirm identity", "");
        self.store.prove_session(session.id, &event).await?;
        Ok(Proved::Whole(()))
    }

    async fn prove(
        &self,
        email: &EmailAddress,
        password: Secret,
        browser: &Browser,
        action: &'static str,
    ) -> Result<Person, SignInFault> {
        let (guesses, network) = (&self.people.guesses, Network::of(browser.actor.ip()));
        if let Some(wait) = guesses.wait(email, network) {
            return Err(SignInFault::TooManyGuesses(wait));
        }
        let (person, hash) = self.store.person_to_authenticate(email).await?.unzip();
        let is_right = self.people.passwords.matches(password, hash.flatten()).await?;
        match person {
            Some(person) if is_right => {
                guesses.right(email, network);
                Ok(person)
            }
            unproved => {
                guesses.wrong(email, network);
                let subject = unproved.map(|person| person.id.to_string()).unwrap_or_default();
                self.note_refusal(&browser.actor, action, &subject, "wrong password");
                Err(SignInFault::Wrong)
            }
        }
    }
}
