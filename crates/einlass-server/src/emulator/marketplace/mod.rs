//! A small marketplace of our own: a channel's settings and its events, described by the `OpenAPI` document beside it. It
//! knows no tokens: checking them is the gateway's work. Which channel the gateway let in it reads from a header.

use axum::extract::{FromRequestParts, State};
use axum::routing::get;
use axum::{Json, Router};
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::{Clock, UnixTime};
use einlass_store::{Channel, ChannelEvent, Store, StoreError};
use http::StatusCode;
use http::request::Parts;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// The document that describes these operations to the gateway.
pub const OPENAPI: &str = include_str!("openapi.yaml");

/// How many events are told at once, and how many a channel may say that it knows of.
const MOST_EVENTS: u32 = 100;
/// How often an event is told to a channel that does not say that it knows.
const MOST_TIMES: u32 = 10;

/// What it keeps: in the platform's store, so that it outlives a restart.
#[derive(Clone)]
struct Marketplace {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// The operations, at the root of whatever host serves them.
pub fn router(store: Store, clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/v1/channel", get(show).patch(change))
        .route("/v1/channel/event", get(events).delete(acknowledge))
        .with_state(Marketplace { store, clock })
}

/// Which channel the gateway let in.
struct Calling(ChannelName);

impl FromRequestParts<Marketplace> for Calling {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &Marketplace) -> Result<Self, StatusCode> {
        let name = parts.headers.get("x-einlass-channel").and_then(|value| value.to_str().ok());
        name.and_then(|name| name.parse().ok()).map(Self).ok_or(StatusCode::FORBIDDEN)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    sign_up_url: Option<String>,
    update_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    event_id_list: Vec<Uuid>,
}

impl Marketplace {
    async fn find(&self, name: &ChannelName) -> Result<Channel, StatusCode> {
        self.store.channel(name).await.map_err(failed)?.ok_or(StatusCode::NOT_FOUND)
    }
}

async fn show(State(here): State<Marketplace>, Calling(name): Calling) -> Result<Json<Value>, StatusCode> {
    Ok(Json(view(&here.find(&name).await?)))
}

async fn change(
    State(here): State<Marketplace>,
    Calling(name): Calling,
    Json(change): Json<Change>,
) -> Result<Json<Value>, StatusCode> {
    let channel = here.find(&name).await?;
    let sign_up_url = change.sign_up_url.unwrap_or(channel.sign_up_url);
    let update_url = change.update_url.unwrap_or(channel.update_url);
    let now = here.clock.wall();
    here.store.change_channel_urls(&name, &sign_up_url, &update_url, now).await.map_err(failed)?;
    Ok(Json(view(&here.find(&name).await?)))
}

async fn events(State(here): State<Marketplace>, Calling(name): Calling) -> Result<Json<Value>, StatusCode> {
    let events = here.store.take_channel_events(&name, MOST_EVENTS, MOST_TIMES).await.map_err(failed)?;
    let events: Vec<Value> = events.iter().map(told).collect();
    Ok(Json(json!({ "eventList": events })))
}

async fn acknowledge(
    State(here): State<Marketplace>,
    Calling(name): Calling,
    Json(known): Json<Known>,
) -> Result<StatusCode, StatusCode> {
    if known.event_id_list.len() > MOST_EVENTS as usize {
        return Err(StatusCode::BAD_REQUEST);
    }
    here.store.acknowledge_channel_events(&name, &known.event_id_list).await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(channel: &Channel) -> Value {
    json!({
        "isActive": true,
        "channel": {
            "name": channel.name,
            "signUpUrl": channel.sign_up_url,
            "updateUrl": channel.update_url,
        },
    })
}

fn told(event: &ChannelEvent) -> Value {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    json!({ "id": event.id, "createdAt": rfc3339(event.created_at), "type": event.kind, "event": body })
}

fn rfc3339(time: UnixTime) -> String {
    Timestamp::from_second(time.seconds()).unwrap_or_default().to_string()
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` gives it so")]
fn failed(fault: StoreError) -> StatusCode {
    tracing::error!(target: "einlass::dev", %fault, "the demonstration marketplace");
    StatusCode::INTERNAL_SERVER_ERROR
}
