//! `/v1/seller/channel/{CHANNEL}`: a seller goes to a channel, to sign up or to change what it has there.

use super::visit::{Caller, seller};
use super::{ScxError, session};
use crate::Platform;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use einlass_protocol::ids::TenantId;
use einlass_protocol::oauth::Form;
use einlass_protocol::scx::SellerId;
use einlass_protocol::secret::SecretHash;
use einlass_store::{Channel, NewSession};
use http::header::CACHE_CONTROL;
use http::{HeaderName, Uri};
use serde_json::{Value, json};
use std::sync::Arc;

const NOT_KEPT: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

/// `POST`: where to sign up.
pub(super) async fn sign_up(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    Path(channel): Path<String>,
) -> Result<Response, ScxError> {
    let (tenant, channel) = (seller(&caller)?, find(&platform, &channel).await?);
    let (url, expires_at) = open(&platform, &channel, &channel.sign_up_url, tenant, None).await?;
    Ok((NOT_KEPT, Json(json!({ "signUpUrl": url, "expiresAt": expires_at }))).into_response())
}

/// `PATCH`: where to change what it has. Who has one id there need not say which.
pub(super) async fn update(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    Path(channel): Path<String>,
    uri: Uri,
) -> Result<Response, ScxError> {
    let (tenant, channel) = (seller(&caller)?, find(&platform, &channel).await?);
    let asked = asked_seller(&uri)?;
    let own = platform.store.seller_ids(&channel.name, tenant).await?;
    let id = match (asked, &own[..]) {
        // A seller reaches only itself: another one's id is as unknown as one that nobody has.
        (Some(asked), own) => own.iter().find(|id| **id == asked).ok_or(ScxError::UnknownSeller)?,
        (None, [one]) => one,
        (None, []) => return Err(ScxError::UnknownSeller),
        (None, _) => return Err(ScxError::Parameter("sellerId")),
    };
    let (url, expires_at) = open(&platform, &channel, &channel.update_url, tenant, Some(id)).await?;
    let body: Value = json!({ "updateUrl": url, "sellerId": id, "expiresAt": expires_at });
    Ok((NOT_KEPT, Json(body)).into_response())
}

async fn find(platform: &Platform, name: &str) -> Result<Channel, ScxError> {
    let name = name.parse().map_err(|_| ScxError::UnknownChannel)?;
    platform.store.channel(&name).await?.ok_or(ScxError::UnknownChannel)
}

fn asked_seller(uri: &Uri) -> Result<Option<SellerId>, ScxError> {
    let malformed = || ScxError::Parameter("sellerId");
    let form = Form::parse(uri.query().unwrap_or_default().as_bytes()).map_err(|_| malformed())?;
    form.get("sellerId").map(|id| id.parse().map_err(|_| malformed())).transpose()
}

/// Opens a session and gives the URL that leads there, and when it ends.
async fn open(
    platform: &Platform,
    channel: &Channel,
    page: &str,
    tenant: TenantId,
    seller: Option<&SellerId>,
) -> Result<(String, i64), ScxError> {
    if page.is_empty() {
        return Err(ScxError::NoUrl);
    }
    let (now, session) = (platform.clock.wall(), session::make(&*platform.random));
    let new = NewSession {
        hash: SecretHash::of(&session),
        channel: channel.name.clone(),
        tenant,
        seller: seller.cloned(),
        expires_at: now.plus(session::LASTS),
    };
    platform.store.open_seller_session(&new, now).await?;
    let expires_at = new.expires_at.seconds();
    Ok((session::url(page, &session, expires_at), expires_at))
}
