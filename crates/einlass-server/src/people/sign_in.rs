//! Signing in: an address and a password become a session.

use super::{Browser, Busy, Held, PasskeyFault, Purpose, Question, SignedIn};
use crate::Platform;
use einlass_protocol::network::Network;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::secret::Secret;
use einlass_store::{PasswordHash, Person, StoreError};
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
        let proved = self.prove(email, password, browser, "sign in").await?;
        if let Some(question) = self.ask_for_passkey(&proved, Purpose::SignIn, browser).await? {
            return Ok(Proved::Half(question));
        }
        let (person, proof) = proved;
        // It may have been changed while it was looked at.
        let held = self.begin_session(&person, &proof, browser, "sign in").await?;
        held.map(Proved::Whole).ok_or(SignInFault::Wrong)
    }

    /// Has whoever is signed in prove it once more.
    pub(crate) async fn prove_again(
        &self,
        signed_in: &SignedIn,
        password: Secret,
        browser: &Browser,
    ) -> Result<Proved<Held>, SignInFault> {
        let email = &signed_in.person.email;
        let proved = self.prove(email, password, browser, "confirm identity").await?;
        if let Some(question) = self.ask_for_passkey(&proved, Purpose::Confirm, browser).await? {
            return Ok(Proved::Half(question));
        }
        let held = self.prove_session(signed_in, browser).await?;
        held.map(Proved::Whole).ok_or(SignInFault::Wrong)
    }

    /// Whoever has this address and this password, and what the password was held against.
    pub(super) async fn prove(
        &self,
        email: &EmailAddress,
        password: Secret,
        browser: &Browser,
        action: &'static str,
    ) -> Result<(Person, PasswordHash), SignInFault> {
        let (guesses, network) = (&self.people.guesses, Network::of(browser.actor.ip()));
        // Counted before it is looked at: many at once are not more than one after another.
        guesses.begin(email, network).map_err(|wait| {
            refused(browser, action, "", "too many guesses");
            SignInFault::TooManyGuesses(wait)
        })?;
        let found = self.store.person_to_authenticate(email).await;
        let found = found.inspect_err(|_| guesses.undo(email, network))?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let is_right = self.people.passwords.matches(password, hash).await;
        let is_right = is_right.inspect_err(|_| guesses.undo(email, network))?;
        match found {
            Some(proved) if is_right => {
                guesses.right(email, network);
                Ok(proved)
            }
            unproved => {
                let subject = unproved.map(|(person, _)| person.id.to_string()).unwrap_or_default();
                self.note_refusal(&browser.actor, action, &subject, "wrong password");
                refused(browser, action, &subject, "wrong password");
                Err(SignInFault::Wrong)
            }
        }
    }
}

/// Says in the log whom nobody was let in as; nothing of who was not found, since what was typed there may be a password.
pub(super) fn refused(browser: &Browser, action: &str, person: &str, reason: &str) {
    let address = browser.actor.ip();
    tracing::warn!(target: "einlass::people", action, person, %address, reason, "refused");
}
