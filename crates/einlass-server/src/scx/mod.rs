//! Marketplace channels (SCX): the exchange of refresh tokens, and linking sellers to channels.
//!
//! Every request comes through `visit::enter`: limits, the caller's token and what it opens are judged there,
//! and errors and rate headers are written there. What is the marketplace's own business is the gateway's.

mod auth;
mod body;
mod channel_sellers;
mod error;
mod oldest_client;
mod seller_channels;
mod seller_token;
mod session;
mod time;
mod visit;

pub use error::ScxError;
pub use oldest_client::{InvalidOldestClient, OldestClient};

use crate::Platform;
use crate::keys::{KeyError, KeyKeeper};
use crate::per_minute::PerMinute;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, post};
use einlass_protocol::jose::ScxVerifier;
use einlass_protocol::scx::{Asker, Rates};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use std::sync::Arc;
use std::time::Duration;

/// How many PINs that do not count may be tried in a minute by everybody together: of a million, so few that none is
/// found while it counts.
const MOST_WRONG_PINS: u32 = 60;

/// What an operator decides about marketplace channels.
#[derive(Clone, Debug)]
pub struct ScxSettings {
    /// What `authToken`s are for: a name, no URL, and not that of access tokens.
    pub audience: String,
    /// How long an `authToken` is valid.
    pub auth_token_lifetime: Duration,
    /// Clients of this name and an earlier version are told to update.
    pub oldest_client: Option<OldestClient>,
}

impl Default for ScxSettings {
    fn default() -> Self {
        let (audience, oldest_client) = ("einlass-scx".into(), None);
        Self { audience, auth_token_lifetime: Duration::from_hours(1), oldest_client }
    }
}

/// What the platform has for marketplace channels.
pub struct Scx {
    pub(crate) settings: ScxSettings,
    pub(crate) issuer: String,
    pub(crate) keys: KeyKeeper,
    verifier: ScxVerifier,
    /// The gateway counts in it too.
    rates: Arc<Rates<Asker>>,
    wrong_tokens: PerMinute,
    wrong_pins: PerMinute,
}

impl Scx {
    pub(crate) async fn open(
        settings: ScxSettings,
        public_url: &str,
        failures_per_minute: u32,
        keys: impl AsyncFnOnce(&str) -> Result<KeyKeeper, KeyError>,
    ) -> Result<Self, KeyError> {
        let issuer = issuer_at(public_url);
        Ok(Self {
            keys: keys(&issuer).await?,
            verifier: ScxVerifier::new(&issuer, &settings.audience),
            issuer,
            settings,
            rates: Arc::default(),
            wrong_tokens: PerMinute::new(failures_per_minute),
            wrong_pins: PerMinute::new(MOST_WRONG_PINS),
        })
    }
}

/// Who issues `authToken`s on a platform at this URL.
#[must_use]
pub fn issuer_at(public_url: &str) -> String {
    format!("{public_url}/v1")
}

/// Everything below `/v1` that is the platform's own.
pub(crate) fn router(platform: &Arc<Platform>) -> Router<Arc<Platform>> {
    Router::new()
        .route("/v1/auth", post(auth::exchange))
        .route("/v1/auth/create/seller-token", post(seller_token::create))
        .route("/v1/.well-known/jwks.json", get(key_set))
        .route("/v1/seller/channel/{channel}", post(seller_channels::sign_up).patch(seller_channels::update))
        .route("/v1/channel/seller", post(channel_sellers::create).patch(channel_sellers::change))
        .route("/v1/channel/seller/list", get(channel_sellers::list))
        .route("/v1/channel/seller/signup-session", get(channel_sellers::sign_up_session))
        .route("/v1/channel/seller/update-session", get(channel_sellers::update_session))
        .route("/v1/channel/seller/{seller}", delete(channel_sellers::unlink))
        .route("/v1/{*rest}", any(async || ScxError::UnknownPath))
        .method_not_allowed_fallback(async || ScxError::MethodNotAllowed)
        .layer(from_fn_with_state(Arc::clone(platform), visit::enter))
}

/// The keys that check `authToken`s. Public.
async fn key_set(State(platform): State<Arc<Platform>>) -> Result<Response, ScxError> {
    let document = platform.scx()?.keys.ring().document();
    let headers = [(CACHE_CONTROL, "public, max-age=300"), (CONTENT_TYPE, "application/jwk-set+json")];
    Ok((headers, Body::from(document)).into_response())
}

impl Platform {
    /// How often each channel and seller called in this minute, where they are served.
    #[must_use]
    pub fn scx_rates(&self) -> Option<Arc<Rates<Asker>>> {
        self.scx.as_ref().map(|scx| Arc::clone(&scx.rates))
    }

    /// The public keys that check `authToken`s, where those are issued.
    #[must_use]
    pub fn scx_key_set_document(&self) -> Option<bytes::Bytes> {
        self.scx.as_ref().map(|scx| scx.keys.ring().document())
    }

    /// What there is for marketplace channels, where there is something.
    pub(crate) fn scx(&self) -> Result<&Scx, ScxError> {
        self.scx.as_ref().ok_or(ScxError::NotServed)
    }
}
