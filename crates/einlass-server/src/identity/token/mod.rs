//! `POST /oauth2/token` and `/id/oauth/v2/token` (RFC 6749 §3.2): one pipeline for every grant.
//!
//! parse → limit → authenticate the client → grant, with its scope → issue → count → respond
//!
//! The first three steps are those of every endpoint that clients authenticate at (`super::client`). A grant
//! supplies only what is its own (`grants`); it cannot skip a step, because it does not take them. Whatever
//! goes wrong is an [`OAuthError`], and `error` decides what the caller is told.

mod counters;
mod grants;
mod issue;
mod respond;
mod scope;

pub use counters::TokenCounters;

pub(super) use counters::Reason;

use super::client::Authenticated;
use super::{OAuthError, refuse};
use crate::Platform;
use crate::audit::Actor;
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use einlass_protocol::oauth::Generation;
use grants::{Asked, Grant};
use issue::Issued;
use std::sync::Arc;

/// Answers a token request, whatever its method: this endpoint says itself what it thinks of a `GET`.
pub async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Extension(generation): Extension<Generation>,
    request: Request,
) -> Response {
    let actor = Actor::of(&request);
    let outcome = pipeline(&platform, generation, request, &actor).await;
    platform.counters.count(&outcome);
    match outcome {
        Ok(issued) => {
            platform.usage.token(&issued.claims);
            respond::token(&issued, actor.ip())
        }
        Err(error) => refuse::client(&platform, &error, &actor),
    }
}

async fn pipeline(
    platform: &Arc<Platform>,
    issuer: Generation,
    request: Request,
    actor: &Actor,
) -> Result<Issued, OAuthError> {
    let Authenticated { client, form, at } = Authenticated::read(platform, request).await?;
    let asked = Asked { issuer, client: &client, form: &form, actor, at };
    let entitled = Grant::of(&form)?.entitle(platform, &asked).await?;
    issue::tokens(platform, &asked, entitled).await
}
