//! `/v1/channel/seller`: a channel's own sellers. Each call reaches what is the calling channel's, and nothing else.

use super::body::Json as Body;
use super::session::Presented;
use super::visit::{Caller, channel};
use super::{ScxError, time};
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use einlass_protocol::oauth::Form;
use einlass_protocol::scx::{ChannelName, SellerId};
use einlass_store::{AuditEvent, ChannelEvent, Linked, SellerLink};
use http::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const LONGEST_NAME: usize = 200;

/// `GET /v1/channel/seller/signup-session`: who signs up.
pub(super) async fn sign_up_session(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Value>, ScxError> {
    let (session, now) = (Presented::of_query(&uri)?.hash(), platform.clock.wall());
    let account = platform.store.sign_up_session(channel(&caller)?, &session, now).await?;
    Ok(Json(json!({ "jtlAccountId": account.ok_or(ScxError::UnknownSession)? })))
}

/// `GET /v1/channel/seller/update-session`: who changes something.
pub(super) async fn update_session(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Value>, ScxError> {
    let (session, now) = (Presented::of_query(&uri)?.hash(), platform.clock.wall());
    let seller = platform.store.update_session(channel(&caller)?, &session, now).await?;
    Ok(Json(json!({ "sellerId": seller.ok_or(ScxError::UnknownSession)? })))
}

/// A seller to be linked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct New {
    #[serde(alias = "sessionId")]
    session: Presented,
    seller_id: SellerId,
    company_name: Option<String>,
}

/// `POST /v1/channel/seller`: links the seller and uses the session up.
pub(super) async fn create(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<New>,
) -> Result<StatusCode, ScxError> {
    let channel = channel(&caller)?;
    let company = fitting(new.company_name.as_deref())?.unwrap_or_default();
    let event = event(&platform, &actor, channel, "link seller", new.seller_id.as_str());
    let hash = new.session.hash();
    let outcome = platform.store.link_seller(channel, &hash, &new.seller_id, company, &event).await?;
    created(outcome)
}

/// What a seller is to be.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    #[serde(alias = "sessionId")]
    session: Presented,
    is_active: bool,
    company_name: Option<String>,
}

/// `PATCH /v1/channel/seller`: changes the seller and uses the session up. Answers 201, as the platform does.
pub(super) async fn change(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<Changed>,
) -> Result<StatusCode, ScxError> {
    let channel = channel(&caller)?;
    let company = fitting(new.company_name.as_deref())?;
    let event = event(&platform, &actor, channel, "change seller", "");
    let hash = new.session.hash();
    created(platform.store.update_seller(channel, &hash, new.is_active, company, &event).await?)
}

/// `DELETE /v1/channel/seller/{sellerId}`: ends the link; the channel is told by an event.
pub(super) async fn unlink(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
    Extension(actor): Extension<Actor>,
    Path(seller): Path<String>,
    uri: Uri,
) -> Result<StatusCode, ScxError> {
    let channel = channel(&caller)?;
    let seller: SellerId = seller.parse().map_err(|_| ScxError::UnknownSeller)?;
    let reason = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let reason = reason.map_err(|_| ScxError::Parameter("reason"))?;
    let reason = fitting(reason.get("reason"))?.unwrap_or_default();
    let event = event(&platform, &actor, channel, "unlink seller", seller.as_str());
    let told = ChannelEvent {
        id: event.id,
        kind: "Seller:Channel.Unlinked".into(),
        body: json!({ "sellerId": seller, "reason": reason }).to_string(),
        created_at: event.at,
    };
    let is_done = platform.store.unlink_seller(channel, &seller, &told, &event).await?;
    if is_done { Ok(StatusCode::OK) } else { Err(ScxError::UnknownSeller) }
}

/// `GET /v1/channel/seller/list`.
pub(super) async fn list(
    State(platform): State<Arc<Platform>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Value>, ScxError> {
    let sellers = platform.store.sellers_of_channel(channel(&caller)?).await?;
    let sellers: Vec<Value> = sellers.iter().map(view).collect();
    Ok(Json(json!({ "sellerList": sellers })))
}

fn event(
    platform: &Platform,
    actor: &Actor,
    channel: &ChannelName,
    action: &str,
    seller: &str,
) -> AuditEvent {
    platform.event(actor, action, channel.as_str(), seller)
}

fn view(link: &SellerLink) -> Value {
    json!({
        "sellerId": link.seller,
        "jtlAccountId": link.account,
        "companyName": link.company_name,
        "isActiveByJTL": link.is_active_by_jtl,
        "isActiveByChannel": link.is_active_by_channel,
        "createdAt": time::with_offset(link.created_at),
        "updatedAt": time::with_offset(link.updated_at),
    })
}

fn created(outcome: Linked) -> Result<StatusCode, ScxError> {
    match outcome {
        Linked::Done => Ok(StatusCode::CREATED),
        Linked::NoSession => Err(ScxError::UnknownSession),
        Linked::Taken => Err(ScxError::SellerTaken),
        Linked::Unlinked => Err(ScxError::UnknownSeller),
    }
}

/// A text for people, if it is there: short, and without control characters.
fn fitting(text: Option<&str>) -> Result<Option<&str>, ScxError> {
    let fits = |text: &&str| text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    match text {
        Some(text) if !fits(&text) => Err(ScxError::Parameter("companyName")),
        text => Ok(text),
    }
}
