//! Every path that the servers answer.

use crate::{Platform, account, admin, cors, health, identity, onprem, pages, request_id, scx};
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Json, Router};
use einlass_protocol::oauth::{FirstParty, Generation};
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A part of the platform with callers of its own.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Surface {
    /// `/oauth2`, `/.well-known`, the second issuer at `/id`, and the pages of accounts.
    Identity,
    /// `/account`, and the gateways, which are not served from here.
    Api,
    /// `/v1`: marketplace channels, but for what is behind the gateway.
    Scx,
    /// `/hub`.
    Hub,
    /// `/partner`.
    Partner,
    /// `/onprem`, and `/api/<database>` but for what is behind the gateway.
    OnPremise,
    /// `/admin`.
    Admin,
    /// `/livez`, `/readyz`.
    Management,
}

impl Surface {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Identity,
        Self::Api,
        Self::Scx,
        Self::Hub,
        Self::Partner,
        Self::OnPremise,
        Self::Admin,
        Self::Management,
    ];

    /// Whose pages are found there, but for the identity provider's.
    #[must_use]
    pub const fn pages(self) -> Option<FirstParty> {
        match self {
            Self::Hub => Some(FirstParty::Hub),
            Self::Partner => Some(FirstParty::Partner),
            Self::OnPremise => Some(FirstParty::OnPremise),
            Self::Admin => Some(FirstParty::Console),
            Self::Identity | Self::Api | Self::Scx | Self::Management => None,
        }
    }

    fn routes(self, platform: &Arc<Platform>) -> Router<Arc<Platform>> {
        match self {
            Self::Identity => {
                let issuers = Generation::ALL.map(|generation| identity::router(generation, platform));
                issuers.into_iter().fold(Router::new(), Router::merge)
            }
            Self::OnPremise => onprem::router(platform),
            Self::Api => account::router(platform),
            Self::Hub | Self::Partner => Router::new(),
            Self::Scx => scx::router(platform),
            Self::Admin => Router::new().nest("/admin/api", admin::router()),
            Self::Management => {
                Router::new().route("/livez", get(health::live)).route("/readyz", get(health::ready))
            }
        }
    }
}

/// The path that is asked for more often than all others together.
pub const TOKEN: &str = Generation::A.paths().token;

/// What [`router`] answers at [`TOKEN`], by the shortest way. Unlike everything else it may be asked on any runtime.
pub async fn token(platform: Arc<Platform>, request: Request) -> Response {
    let asked = Arc::clone(&platform);
    let answer = |request| identity::token::endpoint(State(asked), Extension(Generation::A), request);
    let answer = |request| cors::answered(&platform, request, answer);
    request_id::named(&platform, request, answer).await
}

/// These surfaces, and a 404 for everything else.
pub fn router(platform: Arc<Platform>, surfaces: impl IntoIterator<Item = Surface>) -> Router {
    let surfaces: BTreeSet<Surface> = surfaces.into_iter().collect();
    let router = surfaces
        .iter()
        .fold(pages::router(&platform, &surfaces), |router, surface| router.merge(surface.routes(&platform)))
        .fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(&platform), request_id::name))
        .with_state(platform);
    if surfaces.contains(&Surface::OnPremise) { onprem::in_any_case(router) } else { router }
}

async fn nothing_here() -> (StatusCode, Json<Value>) {
    let message = "nothing is served at this path; the API is below /erp, tokens are at /oauth2/token";
    (StatusCode::NOT_FOUND, Json(json!({"error": "not_found", "message": message})))
}
