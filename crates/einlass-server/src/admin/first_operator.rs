//! The first operator: a platform that nobody can administer prints a one-time code at its start, and whoever can read
//! that trades it for an account at a page, or for an admin token.

use super::admin_tokens::{Created, make};
use super::fields::{Name, name_of_person};
use super::input::Input;
use super::{AdminError, done};
use crate::Platform;
use crate::audit::Actor;
use crate::people::{Browser, Busy, LinkFault, PasswordFault, acting};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use einlass_protocol::ids::PersonId;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{Access, Person, StoreError, Taken};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// How long a code counts.
const CODE_LIFETIME: Duration = Duration::from_hours(24);
/// How many wrong codes a network may send in a minute.
pub(crate) const MOST_WRONG_CODES: u32 = 10;
/// How many codes may be on their way at once.
pub(crate) const MOST_CLAIMS: usize = 32;
const ACTION: &str = "claim admin token";

impl Platform {
    /// A one-time code, beside those that other nodes made; `None` while somebody can administer the platform. It counts
    /// for a day, and is to be shown as the link `<console's URL>/admin/first#<code>`: what is behind the `#` reaches no
    /// server and no log.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn first_operator_code(&self) -> Result<Option<Secret>, StoreError> {
        let now = self.clock.wall();
        if self.store.has_operator(now).await? {
            return Ok(None);
        }
        let code = self.random.secret(SecretKind::OneTimeCode);
        self.store.offer_first_operator_code(&SecretHash::of(&code), now.plus(CODE_LIFETIME)).await?;
        Ok(Some(code))
    }
}

/// Why nobody became the first administrator.
pub(crate) enum FirstFault {
    /// The code does not count.
    Code,
    /// Too many that did not, from this network, or too many at once.
    TooMany,
    Email,
    EmailTaken,
    Name,
    Password(PasswordFault),
    Busy(Busy),
    Store(StoreError),
}

impl Platform {
    /// Trades the code for an account that is the operator's first admin.
    pub(crate) async fn claim_first_account(
        &self,
        code: Secret,
        email: EmailAddress,
        name: &str,
        password: Secret,
        browser: &Browser,
    ) -> Result<(), FirstFault> {
        let caller = &browser.actor;
        if self.wrong_codes.is_exhausted(caller.address, self.clock.monotonic()) {
            return Err(self.refuse_account(caller, FirstFault::TooMany));
        }
        let _place = self.claiming.try_acquire().map_err(|_| FirstFault::TooMany)?;
        // Looked at before the password is, whose hash costs a tenth of a second.
        let (hash, now) = (SecretHash::of(&code), self.clock.wall());
        let is_code = SecretKind::recognise(code.expose()) == Some(SecretKind::OneTimeCode);
        if !is_code || !self.store.first_operator_code_counts(&hash, now).await? {
            self.wrong_codes.admits(caller.address, self.clock.monotonic());
            return Err(self.refuse_account(caller, FirstFault::Code));
        }
        let name = name_of_person(name).ok_or(FirstFault::Name)?;
        let person = Person { id: PersonId::new(self.ordered_id(now)), email, name };
        let password = self.chosen(password, &person).await.map_err(|fault| match fault {
            LinkFault::Password(fault) => FirstFault::Password(fault),
            LinkFault::Busy(busy) => FirstFault::Busy(busy),
            _ => FirstFault::Code,
        })?;
        let actor = acting(&person, browser);
        let event = self.event(&actor, "claim first account", &person.id.to_string(), person.email.as_str());
        match self.store.claim_first_account(&hash, (&person, &password), &event).await {
            Ok(true) => {
                done(&event);
                Ok(())
            }
            Ok(false) => Err(self.refuse_account(caller, FirstFault::Code)),
            Err(StoreError::AlreadyExists(Taken::Email)) => Err(FirstFault::EmailTaken),
            Err(fault) => Err(fault.into()),
        }
    }

    fn refuse_account(&self, caller: &Actor, fault: FirstFault) -> FirstFault {
        let reason = if matches!(fault, FirstFault::Code) { "wrong code" } else { "too many wrong codes" };
        self.note_refusal(caller, "claim first account", "", reason);
        fault
    }
}

impl From<StoreError> for FirstFault {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

/// A code and what the token is to be called. It has no `Debug`: the code is a secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    code: String,
    name: Name,
}

/// Whoever sends a code, with one of the places there are for it: nobody else's body is read, as it may be long.
pub(super) struct Caller(Actor, OwnedSemaphorePermit);

impl FromRequestParts<Arc<Platform>> for Caller {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let caller = Actor::of_extensions(&parts.extensions);
        if platform.wrong_codes.is_exhausted(caller.address, platform.clock.monotonic()) {
            return Err(refuse(platform, &caller, AdminError::TooManyWrongCodes));
        }
        let place = Arc::clone(&platform.claiming).try_acquire_owned();
        place.map(|place| Self(caller, place)).map_err(|_| AdminError::TooBusy)
    }
}

/// Trades the code for a token with full access.
pub(super) async fn claim(
    Caller(caller, _place): Caller,
    State(platform): State<Arc<Platform>>,
    Input(Claim { code, name }): Input<Claim>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let code = Secret::new(code);
    let (new, clear) = make(&platform, name, Access::Full, None)?;
    let actor = caller.clone().named("the first operator".into());
    let event = platform.event(&actor, ACTION, &new.id.to_string(), &new.name);
    let is_code = SecretKind::recognise(code.expose()) == Some(SecretKind::OneTimeCode);
    if is_code && platform.store.claim_first_operator(&SecretHash::of(&code), &new, &event).await? {
        done(&event);
        return Ok((StatusCode::CREATED, Json(Created::of(new, event.at, &clear))));
    }
    platform.wrong_codes.admits(caller.address, platform.clock.monotonic());
    Err(refuse(&platform, &caller, AdminError::WrongCode))
}

fn refuse(platform: &Platform, caller: &Actor, error: AdminError) -> AdminError {
    platform.note_refusal(caller, ACTION, "", &error.to_string());
    error
}
