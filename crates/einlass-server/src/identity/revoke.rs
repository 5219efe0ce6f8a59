//! `POST /oauth2/revoke` (RFC 7009): a client gives back a token of its own.

use super::client::Authenticated;
use super::{NOT_KEPT, OAuthError, granting, presented, refuse};
use crate::Platform;
use crate::audit::Actor;
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use einlass_protocol::oauth::Generation;
use einlass_protocol::revocation::Subject;
use einlass_protocol::secret::{Secret, SecretKind};
use http::StatusCode;
use std::sync::Arc;

/// Answers 200 without a body once no gateway lets the token in any more.
pub async fn endpoint(
    State(platform): State<Arc<Platform>>,
    Extension(generation): Extension<Generation>,
    request: Request,
) -> Response {
    let actor = Actor::of(&request);
    match revoke(&platform, generation, request).await {
        Ok(()) => (StatusCode::OK, NOT_KEPT).into_response(),
        Err(error) => refuse::client(&platform, &error, &actor),
    }
}

/// RFC 7009 §2.1: which kind it is shows at the token, whatever the hint says.
fn is_refresh_token(token: &str) -> bool {
    SecretKind::recognise(token) == Some(SecretKind::UserRefreshToken)
}

async fn revoke(
    platform: &Arc<Platform>,
    generation: Generation,
    request: Request,
) -> Result<(), OAuthError> {
    let actor = Actor::of(&request);
    let Authenticated { client, form, at } = Authenticated::read(platform, request).await?;
    if let Some(token) = form.get("token").filter(|it| is_refresh_token(it)) {
        let by = granting::Bearer { client, issuer: generation, actor };
        return granting::give_back(platform, by, Secret::new(token.to_owned())).await;
    }
    // RFC 7009 §2.2: an unknown or expired token is as good as revoked.
    let Some(claims) = presented::access_token(platform.issuer(generation), &form, at)? else {
        return Ok(());
    };
    if claims.client_id != *client.id() {
        return Err(OAuthError::ForeignToken(client.id().clone()));
    }
    let actor = actor.named(format!("client {}", client.id()));
    Ok(platform.deny(Subject::Token(claims.token_id), &actor).await?)
}
