//! Sessions: that somebody has signed in, for a while. The browser holds a secret, the store its hash.

use crate::Platform;
use crate::audit::Actor;
use einlass_protocol::ids::SessionId;
use einlass_protocol::network::Network;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, NewPersonSession, PasswordHash, Person, PersonSession, StoreError};
use std::time::Duration;

/// How long a session lasts at most.
pub(crate) const LONGEST: Duration = Duration::from_hours(7 * 24);
/// How long it lasts without use.
const IDLE: Duration = Duration::from_hours(12);
/// How exactly its last use is known.
const SEEN_EVERY: Duration = Duration::from_mins(5);
/// How long a proof counts for dangerous steps.
pub(crate) const PROOF_COUNTS: Duration = Duration::from_mins(10);
const MOST_AGENT_CHARACTERS: usize = 200;

/// Who asks, before it is known who that is.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) actor: Actor,
    /// What it says it is.
    pub(crate) agent: String,
    /// The hash of what it holds, whether that opens anything or not.
    pub(crate) holds: Option<SecretHash>,
}

/// What a browser is given to hold.
pub(crate) struct Held(pub(crate) Secret);

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) person: Person,
    pub(crate) session: PersonSession,
}

impl SignedIn {
    /// Whether the proof is fresh enough for a dangerous step.
    pub(crate) fn is_fresh(&self, now: UnixTime) -> bool {
        now < self.session.proved_at.plus(PROOF_COUNTS)
    }
}

impl Platform {
    /// Begins a session of somebody who has just proved to be this person, in place of whatever the browser held: what
    /// somebody else may have planted there opens nothing. `None` when `proof` is the person's password no more.
    pub(crate) async fn begin_session(
        &self,
        person: &Person,
        proof: &PasswordHash,
        browser: &Browser,
        action: &str,
    ) -> Result<Option<Held>, StoreError> {
        let (clear, now) = (self.random.secret(SecretKind::Session), self.clock.wall());
        let new = NewPersonSession {
            id: SessionId::new(self.ordered_id(now)),
            hash: SecretHash::of(&clear),
            person: person.id,
            expires_at: now.plus(LONGEST),
            address: browser.actor.ip().to_string(),
            agent: browser.agent.chars().take(MOST_AGENT_CHARACTERS).collect(),
        };
        let event = self.event_of(person, browser, action, &new.agent);
        if !self.store.begin_session(&new, browser.holds.as_ref(), proof, &event).await? {
            return Ok(None);
        }
        tracing::info!(target: "einlass::people", person = %person.id, session = %new.id, action, "signed in");
        self.people.guesses.signed_in(&person.email, Network::of(browser.actor.ip()));
        Ok(Some(Held(clear)))
    }

    /// Notes that somebody has proved once more who it is, and gives its browser another secret to hold: what somebody
    /// copied before opens nothing. `None` when the session has ended meanwhile.
    pub(super) async fn prove_session(
        &self,
        SignedIn { person, session }: &SignedIn,
        browser: &Browser,
    ) -> Result<Option<Held>, StoreError> {
        let renewed = self.random.secret(SecretKind::Session);
        let event = self.event_of(person, browser, "confirm identity", "");
        let goes_on = self.store.prove_session(session.id, &SecretHash::of(&renewed), &event).await?;
        Ok(goes_on.then_some(Held(renewed)))
    }

    /// Who holds a secret of this hash.
    pub(crate) async fn signed_in(&self, hash: &SecretHash) -> Result<Option<SignedIn>, StoreError> {
        let (now, idle_since) = self.idle_since();
        let found = self.store.session(hash, now, idle_since).await?;
        self.seen(found).await
    }

    /// Now, and since when a session must have been used to go on.
    pub(super) fn idle_since(&self) -> (UnixTime, UnixTime) {
        let now = self.clock.wall();
        (now, now.minus(IDLE))
    }

    /// Somebody who was found by a session, which is in use.
    pub(super) async fn seen(
        &self,
        found: Option<(PersonSession, Person)>,
    ) -> Result<Option<SignedIn>, StoreError> {
        let Some((session, person)) = found else { return Ok(None) };
        let now = self.clock.wall();
        if session.seen_at.plus(SEEN_EVERY) <= now {
            self.store.see_session(session.id, now).await?;
        }
        Ok(Some(SignedIn { person, session }))
    }

    /// Where somebody is signed in, the newest first.
    pub(crate) async fn sessions_of(&self, person: &Person) -> Result<Vec<PersonSession>, StoreError> {
        let (now, idle_since) = self.idle_since();
        self.store.sessions_of(person.id, now, idle_since).await
    }

    /// Ends a session of somebody's, this one or another.
    pub(crate) async fn end_session(
        &self,
        person: &Person,
        session: SessionId,
        browser: &Browser,
    ) -> Result<bool, StoreError> {
        let event = self.event_of(person, browser, "end session", &session.to_string());
        self.store.end_session(person.id, session, &event).await
    }

    /// Ends every session of somebody's but the one from which that is asked, and all that they granted. When this returns, no
    /// gateway lets in what came of it.
    pub(crate) async fn end_other_sessions(
        &self,
        signed_in: &SignedIn,
        browser: &Browser,
    ) -> Result<(), StoreError> {
        let SignedIn { person, session } = signed_in;
        let event = self.event_of(person, browser, "end other sessions", "");
        let until = self.end_of_denial(event.at);
        let changes = self.store.end_other_sessions(person.id, session.id, until, &event).await?;
        self.apply_all(&changes).await
    }

    /// What the audit says of something that a person does with its own account.
    pub(super) fn event_of(
        &self,
        person: &Person,
        browser: &Browser,
        action: &str,
        detail: &str,
    ) -> AuditEvent {
        self.event(&acting(person, browser), action, &person.id.to_string(), detail)
    }
}

/// The person as whoever acts.
pub(crate) fn acting(person: &Person, browser: &Browser) -> Actor {
    browser.actor.clone().named(format!("person {}", person.id))
}
