//! `POST /oauth2/introspect` (RFC 7662): what one of a client's own tokens says, and whether it works.

use super::client::Authenticated;
use super::{NOT_KEPT, OAuthError, presented, refuse};
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use einlass_protocol::oauth::{Generation, Introspection};
use std::sync::Arc;

/// Answers `{"active": false}` for whatever is not a token of this client that works now (RFC 7662 §2.2).
pub async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Extension(generation): Extension<Generation>,
    request: Request,
) -> Response {
    let actor = Actor::of(&request);
    match introspect(&platform, generation, request).await {
        Ok(introspection) => (NOT_KEPT, Json(introspection)).into_response(),
        Err(error) => refuse::client(&platform, &error, &actor),
    }
}

async fn introspect(
    platform: &Arc<Platform>,
    generation: Generation,
    request: Request,
) -> Result<Introspection, OAuthError> {
    let Authenticated { client, form, at } = Authenticated::read(platform, request).await?;
    // RFC 7662 §2.1: whoever has a refresh token's leaked access token learns nothing of it without a secret.
    client.proof()?;
    let claims = presented::access_token(platform.issuer(generation), &form, at)?;
    let own = claims.filter(|claims| claims.client_id == *client.id());
    let works = own.filter(|claims| platform.revocations.list().denies(claims, None).is_none());
    Ok(works.map_or_else(Introspection::inactive, Introspection::active))
}
