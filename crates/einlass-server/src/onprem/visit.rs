//! What every request of a registration goes through: how often, which ERP, which version of its API, whose challenge code.

use super::OnPremiseError;
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use einlass_protocol::erp::Casing;
use einlass_protocol::onprem::ChallengeCode;
use einlass_store::{Registration, Site};
use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

const CHALLENGE: HeaderName = HeaderName::from_static("x-challengecode");
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Counts a request, and has what went wrong said in the ERP's words.
pub(super) async fn enter(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let actor = Actor::of(&request);
    let casing = casing_of(request.uri().path());
    let mut response = match platform.limits.admit_address(actor.ip()) {
        Ok(()) => next.run(request).await,
        Err(wait) => OnPremiseError::TooMany(wait).into_response(),
    };
    if let Some(error) = response.extensions_mut().remove::<Arc<OnPremiseError>>() {
        response = error.answer(casing);
        let (status, address) = (response.status().as_u16(), actor.ip());
        tracing::info!(target: "einlass::onprem", status, reason = %error, %address, "refused");
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// How names are written below `/api/<database>`.
fn casing_of(path: &str) -> Casing {
    let below = path.splitn(4, '/').nth(3).unwrap_or_default();
    Casing::of_path(below)
}

/// A request for an ERP that there is, with all that each of them has.
pub(super) struct Visit {
    pub(super) site: Site,
    pub(super) casing: Casing,
    pub(super) challenge: ChallengeCode,
    pub(super) actor: Actor,
}

#[derive(Deserialize)]
struct At {
    database: String,
}

/// What the path of a registration says.
#[derive(Deserialize)]
pub(super) struct Named {
    registration: String,
}

impl FromRequestParts<Arc<Platform>> for Visit {
    type Rejection = OnPremiseError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, OnPremiseError> {
        let actor = Actor::of_extensions(&parts.extensions);
        if platform.wrong_polls.is_exhausted(actor.address, platform.clock.monotonic()) {
            return Err(OnPremiseError::TooMany(Duration::from_mins(1)));
        }
        let at = Path::<At>::from_request_parts(parts, platform).await;
        let database = at.ok().and_then(|Path(at)| at.database.parse().ok());
        let database = database.ok_or(OnPremiseError::NoSuchDatabase)?;
        if !parts.headers.get_all(API_VERSION).iter().all(is_known_version) {
            return Err(OnPremiseError::ApiVersion);
        }
        let mut codes = parts.headers.get_all(CHALLENGE).iter();
        let (Some(code), None) = (codes.next(), codes.next()) else {
            return Err(OnPremiseError::ChallengeCode);
        };
        let challenge = ChallengeCode::parse(code.to_str().unwrap_or_default());
        let challenge = challenge.map_err(|_| OnPremiseError::ChallengeCode)?;
        let site = platform.store.site_of_database(&database).await?;
        let site = site.ok_or(OnPremiseError::NoSuchDatabase)?;
        let casing = casing_of(parts.uri.path());
        Ok(Self { site, casing, challenge, actor })
    }
}

impl Visit {
    /// Whether anything can come of asking to be registered now: before the request is read, which may be long, and without
    /// a word to whoever only tries challenge codes.
    pub(super) async fn is_awaited(&self, platform: &Platform) -> Result<(), OnPremiseError> {
        if !self.site.licensed {
            return Err(OnPremiseError::Unlicensed);
        }
        let now = platform.clock.wall();
        let is_open = self.site.waiting_until.is_some_and(|until| now < until);
        // Whoever asks again may have lost the answer.
        if is_open || platform.store.is_registering(self.site.id, &self.challenge, now).await? {
            return Ok(());
        }
        Err(self.in_vain(platform, OnPremiseError::NobodyWaits))
    }

    /// The registration that the path names, which must be one at this ERP.
    pub(super) async fn registration(
        &self,
        platform: &Platform,
        named: &Named,
    ) -> Result<Registration, OnPremiseError> {
        let id = named.registration.parse().map_err(|_| OnPremiseError::Unknown)?;
        let known = platform.store.registration(id).await?.filter(|known| known.site == self.site.id);
        known.ok_or_else(|| self.in_vain(platform, OnPremiseError::Unknown))
    }

    /// A request that came to nothing may be a guess: so many a minute of an address, and then it waits.
    pub(super) fn in_vain(&self, platform: &Platform, error: OnPremiseError) -> OnPremiseError {
        platform.wrong_polls.admits(self.actor.address, platform.clock.monotonic());
        error
    }
}

/// `1.0` to `1.2`, and `2.0` and up.
fn is_known_version(value: &HeaderValue) -> bool {
    let Some((major, minor)) = value.to_str().ok().and_then(|text| text.split_once('.')) else {
        return false;
    };
    match (major, minor.parse::<u8>()) {
        ("1", Ok(minor)) => minor <= 2,
        ("2", Ok(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_casings() {
        for (text, known) in [
            ("1.0", true),
            ("1.2", true),
            ("2.0", true),
            ("2.17", true),
            ("1.3", false),
            ("3.0", false),
            ("2", false),
            ("", false),
        ] {
            assert_eq!(is_known_version(&HeaderValue::from_static(text)), known, "{text}");
        }
        for (path, casing) in [
            ("/api/eazybusiness/authentication", Casing::Pascal),
            ("/api/eazybusiness/v1/authentication", Casing::Pascal),
            ("/api/eazybusiness/v2/authentication/x", Casing::Camel),
            ("/api/v2/authentication", Casing::Pascal),
        ] {
            assert_eq!(casing_of(path), casing, "{path}");
        }
    }
}
