//! Who calls, and what an admin token lets them do. Whoever is turned away is written down.

use super::{AdminError, Unauthenticated};
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{FromRequestParts, MatchedPath};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{Access, AdminToken};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use std::sync::Arc;

/// Proof that the caller may look. A handler that takes it cannot be reached without it.
#[derive(Debug)]
pub struct Admin(pub AdminToken);

/// Proof that the caller may change things, as the one who acts, and by which token.
#[derive(Debug)]
pub struct By(pub Actor, pub CredentialId);

impl FromRequestParts<Arc<Platform>> for Admin {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let nobody = Actor::of_extensions(&parts.extensions);
        let Some(token) = presented(&parts.headers) else {
            return Err(refuse(platform, &nobody, parts, Unauthenticated::Missing.into()));
        };
        let (hash, now) = (SecretHash::of(&token), platform.clock.monotonic());
        if platform.attempts.are_too_many(&nobody, &hash, now) {
            return Err(refuse(platform, &nobody, parts, AdminError::TooManyTokens));
        }
        match platform.store.admin_token(&hash).await? {
            Some(found) if found.works_at(platform.clock.wall()) => {
                platform.attempts.succeeded(&hash);
                Ok(Self(found))
            }
            other => {
                platform.attempts.failed(&nobody, &hash, now);
                let (who, why) = match other {
                    Some(ended) => (nobody.named(name(&ended)), end_of(&ended)),
                    None => (nobody, Unauthenticated::Unknown),
                };
                Err(refuse(platform, &who, parts, why.into()))
            }
        }
    }
}

impl FromRequestParts<Arc<Platform>> for By {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let Admin(token) = Admin::from_request_parts(parts, platform).await?;
        let actor = Actor::of_extensions(&parts.extensions).named(name(&token));
        match token.access {
            Access::Full => Ok(Self(actor, token.id)),
            Access::Read => Err(refuse(platform, &actor, parts, AdminError::ReadOnly)),
        }
    }
}

/// The one bearer token of a request (RFC 6750 §2.1), if it has the form of ours: anything else is turned away without
/// a look-up.
fn presented(headers: &HeaderMap) -> Option<Secret> {
    let mut authorizations = headers.get_all(AUTHORIZATION).iter();
    let (Some(header), None) = (authorizations.next(), authorizations.next()) else {
        return None;
    };
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    let is_ours = SecretKind::recognise(token) == Some(SecretKind::AdminToken);
    (scheme.eq_ignore_ascii_case("bearer") && is_ours).then(|| Secret::new(token.to_owned()))
}

fn end_of(token: &AdminToken) -> Unauthenticated {
    if token.revoked_at.is_some() { Unauthenticated::Revoked } else { Unauthenticated::Expired }
}

fn name(token: &AdminToken) -> String {
    format!("admin token {}", token.name)
}

/// Writes down who wanted what: the path as the router knows it, since a caller's own may hold anything.
fn refuse(platform: &Platform, actor: &Actor, parts: &Parts, error: AdminError) -> AdminError {
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    platform.note_refusal(actor, "administer", &format!("{} {path}", parts.method), &error.to_string());
    error
}
