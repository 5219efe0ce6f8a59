//! `POST /v1/auth`: a refresh token for a short `authToken`. The refresh token stays as it is.
//!
//! client's version → parse → rate → failures → look up → issue → respond

mod multipart;
mod request;

use super::visit::Counted;
use super::{Scx, ScxError, time};
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use einlass_protocol::ids::TokenId;
use einlass_protocol::jose::Algorithm;
use einlass_protocol::network::Network;
use einlass_protocol::scx::{AUTH_TOKEN_TYPE, Asker, AuthAnswer, INTERVAL, Party, ScxClaims};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::Exchangeable;
use http::header::{CACHE_CONTROL, PRAGMA, USER_AGENT};
use std::sync::Arc;

pub(super) async fn exchange(
    State(platform): State<Arc<Platform>>,
    Extension(counted): Extension<Counted>,
    request: Request,
) -> Result<Response, ScxError> {
    let (scx, actor) = (platform.scx()?, Actor::of(&request));
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if scx.settings.oldest_client.as_ref().is_some_and(|oldest| oldest.is_after(agent)) {
        return Err(ScxError::ClientTooOld);
    }
    let path = request.uri().path().to_owned();
    let presented = request::refresh_token(request).await?;
    let (hash, now) = (SecretHash::of(&presented), platform.clock.monotonic());
    let asker = Asker::Token(hash.to_hex(), Network::of(actor.ip()));
    counted.hold(scx.rates.take(asker, &path, now))?;
    if scx.wrong_tokens.is_exhausted(actor.address, now) {
        return Err(ScxError::TooMany { what: "too many wrong refresh tokens", retry_after: INTERVAL });
    }
    let at = platform.clock.wall();
    let Some(found) = look_up(&platform, &presented, &hash, at).await? else {
        scx.wrong_tokens.admits(actor.address, now);
        let error = ScxError::UnknownRefreshToken;
        platform.note_refusal(&actor, "exchange refresh token", "", &error.to_string());
        return Err(error);
    };
    issue(&platform, scx, found, at, &actor).await
}

/// What has not the form of ours is turned away without a look-up.
async fn look_up(
    platform: &Platform,
    presented: &Secret,
    hash: &SecretHash,
    at: UnixTime,
) -> Result<Option<Exchangeable>, ScxError> {
    match SecretKind::recognise(presented.expose()) {
        Some(SecretKind::ChannelToken | SecretKind::SellerToken) => {
            Ok(platform.store.refresh_token(hash, at).await?)
        }
        _ => Ok(None),
    }
}

/// Issued at the moment when the refresh token was looked up: so a revocation in between denies it.
async fn issue(
    platform: &Platform,
    scx: &Scx,
    found: Exchangeable,
    at: UnixTime,
    actor: &Actor,
) -> Result<Response, ScxError> {
    let key = scx.keys.ring().signing(Algorithm::Rs256, at).ok_or(ScxError::NoSigningKey)?;
    let lifetime = scx.settings.auth_token_lifetime;
    let claims = ScxClaims {
        issuer: scx.issuer.clone(),
        audience: scx.settings.audience.clone(),
        party: found.party,
        credential_id: found.id,
        token_id: TokenId::new(platform.random.uuid()),
        issued_at: at,
        expires_at: at.plus(lifetime),
    };
    // Its turn at the signing threads is each refresh token's own.
    let owner = claims.credential_id.to_string().parse().ok();
    let signed = platform.pool.sign(owner.as_ref(), key, AUTH_TOKEN_TYPE, claims.to_json()).await?;
    let token = Secret::new(signed);
    platform.usage.auth_token(&claims);
    let (party, credential, address) = (&claims.party, claims.credential_id, actor.ip());
    tracing::info!(target: "einlass::scx", %party, %credential, token = %claims.token_id, %address, "issued");
    let scope = match party {
        Party::Channel(_) => found.scope_word.to_string(),
        Party::Seller { .. } => party.scope().to_owned(),
    };
    let body = AuthAnswer {
        scope: &scope,
        auth_token: token.expose(),
        token_expire_at: &time::with_offset(claims.expires_at),
        expires_in: lifetime.as_secs(),
    };
    Ok(([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], Json(body)).into_response())
}
