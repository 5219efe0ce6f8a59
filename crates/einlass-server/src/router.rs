//! Every path that the servers answer.

use crate::{Platform, admin, health, identity, pages, request_id, scx};
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// A part of the platform with callers of its own.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Surface {
    /// `/oauth2`, `/.well-known`, and the pages of accounts.
    Identity,
    /// The gateways, which are not served from here.
    Api,
    /// `/v1`: marketplace channels, but for what is behind the gateway.
    Scx,
    /// `/admin`.
    Admin,
    /// `/livez`, `/readyz`.
    Management,
}

impl Surface {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Identity, Self::Api, Self::Scx, Self::Admin, Self::Management];

    fn routes(self, platform: &Arc<Platform>) -> Router<Arc<Platform>> {
        match self {
            Self::Identity => pages::router(platform)
                .route(TOKEN, any(identity::token::endpoint))
                .route("/oauth2/revoke", any(identity::revoke::endpoint))
                .route("/oauth2/introspect", any(identity::introspect::endpoint))
                .route("/.well-known/jwks.json", get(identity::jwks::endpoint))
                .route("/.well-known/openid-configuration", get(identity::metadata::endpoint))
                .route("/.well-known/oauth-authorization-server", get(identity::metadata::endpoint)),
            Self::Api => Router::new(),
            Self::Scx => scx::router(platform),
            Self::Admin => Router::new()
                .nest("/admin/api", admin::router())
                .route("/admin/first", get(admin::first_page)),
            Self::Management => {
                Router::new().route("/livez", get(health::live)).route("/readyz", get(health::ready))
            }
        }
    }
}

/// The path that is asked for more often than all others together.
pub const TOKEN: &str = "/oauth2/token";

/// What [`router`] answers at [`TOKEN`], by the shortest way. Unlike everything else it may be asked on any runtime.
pub async fn token(platform: Arc<Platform>, request: Request) -> Response {
    let asked = Arc::clone(&platform);
    let answer = |request| identity::token::endpoint(State(asked), request);
    request_id::named(&platform, request, answer).await
}

/// These surfaces, and a 404 for everything else.
pub fn router(platform: Arc<Platform>, surfaces: impl IntoIterator<Item = Surface>) -> Router {
    surfaces
        .into_iter()
        .fold(Router::new(), |router, surface| router.merge(surface.routes(&platform)))
        .fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(&platform), request_id::name))
        .with_state(platform)
}

async fn nothing_here() -> (StatusCode, Json<Value>) {
    let message = "nothing is served at this path; the API is below /erp, tokens are at /oauth2/token";
    (StatusCode::NOT_FOUND, Json(json!({"error": "not_found", "message": message})))
}
