//! Scope: a request may ask for less than its client may have, never for more (RFC 6749 §3.3).

use crate::identity::client::Client;
use crate::identity::{OAuthError, granting};
use einlass_protocol::oauth::Generation;
use einlass_protocol::scope::ScopeSet;

/// What a token will hold.
pub(super) struct Narrowed {
    pub(super) scope: ScopeSet,
    /// Whether the client asked for it, and so must be told (RFC 6749 §5.1). The platform's clients never
    /// ask, and their answer has exactly three members.
    pub(super) was_asked_for: bool,
}

/// What was asked for, or everything that the client may have when nothing was.
pub(super) fn narrow(
    issuer: Generation,
    client: &Client,
    asked: Option<&str>,
) -> Result<Narrowed, OAuthError> {
    let asked: ScopeSet =
        asked.unwrap_or_default().parse().map_err(|_| OAuthError::MalformedScope(client.id().clone()))?;
    let asked = match issuer {
        Generation::A => asked,
        // RFC 6749 §3.3 lets a server fail a request that names no scope. The word itself opens nothing.
        Generation::B if !granting::has(&asked, "openid") => {
            return Err(OAuthError::ScopeMissing(client.id().clone()));
        }
        Generation::B => {
            let narrowed = narrow_to(client, granting::of_the_api(&asked))?;
            return Ok(Narrowed { was_asked_for: true, ..narrowed });
        }
    };
    narrow_to(client, asked)
}

fn narrow_to(client: &Client, asked: ScopeSet) -> Result<Narrowed, OAuthError> {
    if asked.is_empty() {
        return Ok(Narrowed { scope: client.scopes().clone(), was_asked_for: false });
    }
    let beyond = asked.difference(client.scopes());
    if !beyond.is_empty() {
        return Err(OAuthError::ScopeNotAllowed { client: client.id().clone(), beyond });
    }
    Ok(Narrowed { scope: asked, was_asked_for: true })
}
