//! The first operator: a platform that nobody can administer prints a one-time code at its start, and whoever can read
//! that trades it for an admin token.

use super::admin_tokens::{Created, make};
use super::fields::Name;
use super::input::Input;
use super::{AdminError, done};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{Access, StoreError};
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
    /// A one-time code for an admin token, beside those that other nodes made; `None` while an admin token with full
    /// access works. It counts for a day, and is to be shown as the link `<public URL>/admin/first#<code>`: what is
    /// behind the `#` reaches no server and no log.
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

/// What a browser shows to whoever opens the link.
pub(crate) async fn page() -> &'static str {
    "This link is for the command line. Run\n\n    einlass admin-token claim\n\nand paste the link when it asks. \
     It works once.\n"
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
