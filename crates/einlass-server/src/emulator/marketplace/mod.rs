//! A small marketplace of our own: a channel's settings and its events, described by the `OpenAPI` document beside it. It
//! knows no tokens: checking them is the gateway's work. Which channel the gateway let in it reads from a header.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use einlass_protocol::scx::{ChannelName, ErrorList};
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

/// The operations, below the prefix that the gateway takes away.
pub fn router(store: Store, clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/channel", get(show).patch(change))
        .route("/channel/event", get(events).delete(acknowledge))
        .with_state(Marketplace { store, clock })
}

/// Why something was not done.
enum Failed {
    /// The body is not what it should be.
    Body,
    /// The gateway let somebody else in, or a channel that is gone.
    NoChannel,
    /// There are more than a hundred.
    TooManyIds,
    Store(StoreError),
}

impl IntoResponse for Failed {
    /// In the form of every error below `/v1`. In German alone: the gateway's are in both languages.
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Body => (StatusCode::BAD_REQUEST, "VAL100", "Der Inhalt ist ungültig."),
            Self::NoChannel => (StatusCode::NOT_FOUND, "CHN100", "Diesen Kanal gibt es nicht."),
            Self::TooManyIds => (StatusCode::BAD_REQUEST, "VAL100", "Höchstens 100 Ereignisse auf einmal."),
            Self::Store(fault) => {
                tracing::error!(target: "einlass::dev", %fault, "the demonstration marketplace");
                (StatusCode::INTERNAL_SERVER_ERROR, "SYS100", "Das ist unser Fehler.")
            }
        };
        (status, Json(ErrorList::one(code, message, None))).into_response()
    }
}

impl From<StoreError> for Failed {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl From<JsonRejection> for Failed {
    fn from(_: JsonRejection) -> Self {
        Self::Body
    }
}

/// Which channel the gateway let in.
struct Calling(ChannelName);

impl FromRequestParts<Marketplace> for Calling {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &Marketplace) -> Result<Self, Failed> {
        let name = parts.headers.get("x-einlass-channel").and_then(|value| value.to_str().ok());
        name.and_then(|name| name.parse().ok()).map(Self).ok_or(Failed::NoChannel)
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
    async fn find(&self, name: &ChannelName) -> Result<Channel, Failed> {
        self.store.channel(name).await?.ok_or(Failed::NoChannel)
    }
}

async fn show(State(here): State<Marketplace>, Calling(name): Calling) -> Result<Json<Value>, Failed> {
    Ok(Json(view(&here.find(&name).await?)))
}

async fn change(
    State(here): State<Marketplace>,
    Calling(name): Calling,
    change: Result<Json<Change>, JsonRejection>,
) -> Result<Json<Value>, Failed> {
    let Json(change) = change?;
    let channel = here.find(&name).await?;
    let sign_up_url = change.sign_up_url.unwrap_or(channel.sign_up_url);
    let update_url = change.update_url.unwrap_or(channel.update_url);
    let now = here.clock.wall();
    here.store.change_channel_urls(&name, &sign_up_url, &update_url, now).await?;
    Ok(Json(view(&here.find(&name).await?)))
}

async fn events(State(here): State<Marketplace>, Calling(name): Calling) -> Result<Json<Value>, Failed> {
    let events = here.store.take_channel_events(&name, MOST_EVENTS, MOST_TIMES).await?;
    let events: Vec<Value> = events.iter().map(told).collect();
    Ok(Json(json!({ "eventList": events })))
}

async fn acknowledge(
    State(here): State<Marketplace>,
    Calling(name): Calling,
    known: Result<Json<Known>, JsonRejection>,
) -> Result<StatusCode, Failed> {
    let Json(known) = known?;
    if known.event_id_list.len() > MOST_EVENTS as usize {
        return Err(Failed::TooManyIds);
    }
    here.store.acknowledge_channel_events(&name, &known.event_id_list).await?;
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
