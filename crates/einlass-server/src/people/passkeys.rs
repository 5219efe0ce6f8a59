//! Passkeys (`WebAuthn` Level 3): the second factor. Whoever has one is asked for it after the password.

use super::sign_in::refused;
use super::{Browser, Held, SignedIn, acting, done};
use crate::Platform;
use einlass_protocol::ids::{PasskeyId, PersonId};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{Ceremony, Passkey, PasswordHash, Person, StoreError, Write};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;
use webauthn_rs::prelude as webauthn;
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// How long a person may take.
const PATIENCE: Duration = Duration::from_mins(5);
/// How many passkeys a person may have.
const MOST: usize = 20;

/// What an answer is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    Add,
    SignIn,
    Confirm,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add passkey",
            Self::SignIn => "sign in",
            Self::Confirm => "confirm identity",
        }
    }
}

/// What an answer of somebody with a passkey is held against.
#[derive(Deserialize, Serialize)]
struct Authentication {
    /// Which password led here.
    proof: String,
    state: webauthn::PasskeyAuthentication,
}

/// What a browser is asked.
pub(crate) struct Question {
    /// To be sent along with the answer.
    pub(crate) code: Secret,
    /// For `navigator.credentials`, as JSON.
    pub(crate) options: String,
}

/// Why a passkey is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasskeyFault {
    /// The answer is none to this question, came too late, or is forged.
    #[error("the passkey does not prove it: {0}")]
    Unproved(String),
    /// Browsers make passkeys for names alone.
    #[error("there are no passkeys at an address that is no name")]
    Nameless,
    #[error("there are too many passkeys already")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What checks passkeys of a platform at this URL; `None` where browsers make none. A loopback address stands for
/// `localhost`, which is a name.
pub(crate) fn checker(public_url: &str) -> Option<Webauthn> {
    let mut origin: Url = public_url.parse().ok()?;
    if matches!(origin.host_str(), Some("127.0.0.1" | "[::1]")) {
        origin.set_host(Some("localhost")).ok()?;
    }
    let name = origin.domain()?.to_owned();
    WebauthnBuilder::new(&name, &origin).ok()?.rp_name("Einlass").build().ok()
}

impl Platform {
    /// Asks a browser to make one more passkey.
    pub(crate) async fn ask_for_new_passkey(&self, person: &Person) -> Result<Question, PasskeyFault> {
        let known = self.store.passkeys_of(person.id).await?;
        if known.len() >= MOST {
            return Err(PasskeyFault::TooMany);
        }
        let known = readable(&known).map(|(_, passkey)| passkey.cred_id().clone()).collect();
        let (email, name) = (person.email.as_str(), person.name.as_str());
        let asked = self.checker()?.start_passkey_registration(person.id.uuid(), email, name, Some(known));
        let (options, state) = asked.map_err(unproved)?;
        self.ask(person.id, Purpose::Add, &options, &state, self.clock.wall()).await
    }

    /// Takes the passkey that a browser has made.
    pub(crate) async fn add_passkey(
        &self,
        signed_in: &SignedIn,
        (code, answer): (&str, &str),
        name: String,
        browser: &Browser,
    ) -> Result<(), PasskeyFault> {
        let person = &signed_in.person;
        let state: webauthn::PasskeyRegistration = self.question(person.id, code, Purpose::Add).await?;
        let made = self.checker()?.finish_passkey_registration(&parsed(answer)?, &state).map_err(unproved)?;
        let id = PasskeyId::new(self.ordered_id(self.clock.wall()));
        let event = self.event(&acting(person, browser), "add passkey", &person.id.to_string(), &name);
        let new = Passkey {
            id,
            credential_id: einlass_protocol::jose::base64url(made.cred_id().as_ref()),
            name,
            credential: text_of(&made)?,
            created_at: event.at,
            last_used_at: None,
        };
        let whose = (person.id, signed_in.session.id);
        if !self.store.add_passkey(whose, &new, MOST, &event).await? {
            return Err(PasskeyFault::TooMany);
        }
        done(&event);
        Ok(())
    }

    /// Takes a passkey away.
    pub(crate) async fn remove_passkey(
        &self,
        signed_in: &SignedIn,
        id: PasskeyId,
        browser: &Browser,
    ) -> Result<(), PasskeyFault> {
        let person = &signed_in.person;
        let event =
            self.event(&acting(person, browser), "remove passkey", &person.id.to_string(), &id.to_string());
        if self.store.remove_passkey(person.id, id, &event).await? {
            done(&event);
        }
        Ok(())
    }

    /// What is asked of somebody after the password: nothing of who has no passkey. That the password was right is an event
    /// of its own: its person should hear of it when somebody else knows it.
    pub(super) async fn ask_for_passkey(
        &self,
        (person, proof): &(Person, PasswordHash),
        purpose: Purpose,
        browser: &Browser,
    ) -> Result<Option<Question>, PasskeyFault> {
        let known = self.store.passkeys_of(person.id).await?;
        if known.is_empty() {
            return Ok(None);
        }
        let known: Vec<_> = readable(&known).map(|(_, passkey)| passkey).collect();
        let (options, state) = self.checker()?.start_passkey_authentication(&known).map_err(unproved)?;
        let event = self.event_of(person, browser, "ask for passkey", purpose.as_str());
        let asked = Authentication { proof: digest(proof), state };
        self.ask(person.id, purpose, &options, &asked, &event).await.map(Some)
    }

    /// Lets somebody in whose password was right, and who has a passkey.
    pub(crate) async fn sign_in_with_passkey(
        &self,
        (code, answer): (&str, &str),
        browser: &Browser,
    ) -> Result<Held, PasskeyFault> {
        let (person, password) = self.prove_by_passkey((code, answer), Purpose::SignIn, browser).await?;
        let held = self.begin_session(&person, &password, browser, "sign in").await?;
        held.ok_or_else(|| PasskeyFault::Unproved("the password was changed meanwhile".into()))
    }

    /// The same of somebody who is signed in already.
    pub(crate) async fn confirm_with_passkey(
        &self,
        signed_in: &SignedIn,
        (code, answer): (&str, &str),
        browser: &Browser,
    ) -> Result<Held, PasskeyFault> {
        let (person, _) = self.prove_by_passkey((code, answer), Purpose::Confirm, browser).await?;
        if person.id != signed_in.person.id {
            return Err(PasskeyFault::Unproved("it is another person's".into()));
        }
        let held = self.prove_session(signed_in, browser).await?;
        held.ok_or_else(|| PasskeyFault::Unproved("the session has ended".into()))
    }

    async fn prove_by_passkey(
        &self,
        (code, answer): (&str, &str),
        purpose: Purpose,
        browser: &Browser,
    ) -> Result<(Person, PasswordHash), PasskeyFault> {
        let asked = self.take(code, purpose).await?;
        let Authentication { proof, state } = read(&asked.state)?;
        let outcome = parsed(answer).and_then(|answer| {
            self.checker()?.finish_passkey_authentication(&answer, &state).map_err(unproved)
        });
        let result = match outcome {
            Ok(result) => result,
            Err(fault) => {
                let person = asked.person.to_string();
                self.note_refusal(&browser.actor, purpose.as_str(), &person, "wrong passkey");
                refused(browser, purpose.as_str(), &person, "wrong passkey");
                return Err(fault);
            }
        };
        let known = self.store.passkeys_of(asked.person).await?;
        // One that was taken away meanwhile proves nothing.
        let used = readable(&known).find(|(_, passkey)| passkey.cred_id() == result.cred_id());
        let (row, mut passkey) = used.ok_or_else(|| PasskeyFault::Unproved("it was taken away".into()))?;
        let has_advanced = passkey.update_credential(&result) == Some(true);
        // WebAuthn §6.1.1: a counter that does not go up is a copy's. What was asked knew an older one.
        if result.counter() > 0 && !has_advanced {
            return Err(PasskeyFault::Unproved("its counter did not go up".into()));
        }
        let kept = (row.credential.as_str(), &*text_of(&passkey)?);
        if !self.store.use_passkey(asked.person, row.id, kept, self.clock.wall()).await? {
            return Err(PasskeyFault::Unproved("it was used or taken away meanwhile".into()));
        }
        let proved = self.store.person_with_password(asked.person).await?;
        // The password that led here is to be the password still.
        let proved = proved.filter(|(_, password)| digest(password) == proof);
        proved.ok_or_else(|| PasskeyFault::Unproved("the password was changed meanwhile".into()))
    }

    fn checker(&self) -> Result<&Webauthn, PasskeyFault> {
        self.people.passkeys.as_ref().ok_or(PasskeyFault::Nameless)
    }

    async fn ask(
        &self,
        person: PersonId,
        purpose: Purpose,
        options: &impl Serialize,
        state: &impl Serialize,
        write: impl Into<Write<'_>>,
    ) -> Result<Question, PasskeyFault> {
        let code = self.random.secret(SecretKind::Question);
        let expires_at = self.clock.wall().plus(PATIENCE);
        let (purpose, state) = (purpose.as_str().to_owned(), text_of(state)?);
        let ceremony = Ceremony { person, purpose, state, expires_at };
        self.store.ask_browser(&SecretHash::of(&code), &ceremony, write).await?;
        Ok(Question { code, options: text_of(options)? })
    }

    async fn take(&self, code: &str, purpose: Purpose) -> Result<Ceremony, PasskeyFault> {
        let is_ours = SecretKind::recognise(code) == Some(SecretKind::Question);
        let hash = is_ours.then(|| SecretHash::of(&Secret::new(code.into())));
        let taken = match hash {
            Some(hash) => self.store.take_answer(&hash, purpose.as_str(), self.clock.wall()).await?,
            None => None,
        };
        taken.ok_or_else(|| PasskeyFault::Unproved("nobody asked, or too long ago".into()))
    }

    async fn question<T: DeserializeOwned>(
        &self,
        person: PersonId,
        code: &str,
        purpose: Purpose,
    ) -> Result<T, PasskeyFault> {
        let asked = self.take(code, purpose).await?;
        if asked.person != person {
            return Err(PasskeyFault::Unproved("somebody else was asked".into()));
        }
        read(&asked.state)
    }
}

/// A password's hash, as it is told apart from others and no guess is held against.
fn digest(password: &PasswordHash) -> String {
    SecretHash::of(&Secret::new(password.as_str().into())).to_hex()
}

/// Those that can be read; all of them can, unless somebody wrote into the database.
fn readable(known: &[Passkey]) -> impl Iterator<Item = (&Passkey, webauthn::Passkey)> {
    known.iter().filter_map(|row| Some((row, serde_json::from_str(&row.credential).ok()?)))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn unproved(fault: webauthn::WebauthnError) -> PasskeyFault {
    PasskeyFault::Unproved(fault.to_string())
}

fn parsed<T: DeserializeOwned>(answer: &str) -> Result<T, PasskeyFault> {
    serde_json::from_str(answer).map_err(|_| PasskeyFault::Unproved("the answer cannot be read".into()))
}

fn read<T: DeserializeOwned>(state: &str) -> Result<T, PasskeyFault> {
    let inconsistent = StoreError::Inconsistent { column: "state" };
    serde_json::from_str(state).map_err(|_| PasskeyFault::Store(inconsistent))
}

fn text_of(value: &impl Serialize) -> Result<String, PasskeyFault> {
    serde_json::to_string(value).map_err(|fault| PasskeyFault::Unproved(fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name() {
        for url in
            ["https://auth.example", "http://127.0.0.1:8480", "http://localhost:8480", "http://[::1]:8480"]
        {
            assert!(checker(url).is_some(), "{url}");
        }
        assert!(checker("https://192.0.2.1").is_none());
    }
}
