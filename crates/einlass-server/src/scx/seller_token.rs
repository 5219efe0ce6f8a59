//! `POST /v1/auth/create/seller-token?pin=`: a one-time PIN for a seller's refresh token.

use super::ScxError;
use super::visit::Counted;
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::network::Network;
use einlass_protocol::oauth::Form;
use einlass_protocol::scx::{Asker, INTERVAL};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{NewRefreshToken, TokenOwner};
use http::header::CACHE_CONTROL;
use serde_json::json;
use std::sync::Arc;

/// Six digits are guessed soon by who may guess often: so few may.
pub(super) async fn create(
    State(platform): State<Arc<Platform>>,
    Extension(counted): Extension<Counted>,
    request: Request,
) -> Result<Response, ScxError> {
    let (scx, actor, now) = (platform.scx()?, Actor::of(&request), platform.clock.monotonic());
    counted.hold(scx.rates.take(Asker::Network(Network::of(actor.ip())), request.uri().path(), now))?;
    let form = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
    let form = form.map_err(|_| ScxError::Parameter("pin"))?;
    let pin = form.get("pin").filter(|pin| pin.bytes().all(|digit| digit.is_ascii_digit()));
    let pin = Secret::new(pin.ok_or(ScxError::Parameter("pin"))?.to_owned());
    if scx.wrong_pins.is_exhausted(None, now) {
        return Err(ScxError::TooMany { what: "too many wrong PINs", retry_after: INTERVAL });
    }
    let (id, clear) =
        (CredentialId::new(platform.random.uuid()), platform.random.secret(SecretKind::SellerToken));
    let make = |tenant| NewRefreshToken {
        id,
        owner: TokenOwner::Seller(tenant),
        name: "by PIN".into(),
        hash: SecretHash::of(&clear),
        expires_at: None,
    };
    let event = platform.event(&actor, "redeem seller pin", &id.to_string(), "");
    let redeemed = platform.store.redeem_seller_pin(&SecretHash::of(&pin), make, &event).await?;
    if redeemed.is_none() {
        scx.wrong_pins.admits(None, now);
        platform.note_refusal(&actor, "redeem seller pin", "", &ScxError::UnknownPin.to_string());
        return Err(ScxError::UnknownPin);
    }
    tracing::info!(target: "einlass::scx", credential = %id, address = %actor.ip(), "seller token made");
    let body = Json(json!({ "refreshToken": clear.expose() }));
    Ok(([(CACHE_CONTROL, "no-store")], body).into_response())
}
