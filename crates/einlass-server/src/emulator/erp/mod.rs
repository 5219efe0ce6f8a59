//! A small ERP of our own: a few operations in three versions, described by the `OpenAPI` document beside it.
//! It knows no tokens: checking them is the gateway's work. Whom the gateway let in it shows in `info`. It has a user, who can
//! sign in.

mod catalogue;
mod info;
mod sessions;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use einlass_protocol::erp::Casing;
use einlass_protocol::time::Clock;
use sessions::Sessions;
use std::sync::Arc;

/// The document that describes these operations to the gateway.
pub const OPENAPI: &str = include_str!("openapi.yaml");

/// The operations, at the root of whatever host serves them.
pub fn router(clock: Arc<dyn Clock>) -> Router {
    let sessions = Arc::<Sessions>::default();
    Router::new()
        .route("/info", get(info::pascal))
        .route("/v1/info", get(info::pascal))
        .route("/v2/info", get(info::camel))
        .route("/items", get(async || catalogue::items(Casing::Pascal)))
        .route("/v1/items", get(async || catalogue::items(Casing::Pascal)))
        .route("/v2/items", get(async || catalogue::items(Casing::Camel)).post(catalogue::create_item))
        .route("/v2/items/{id}", get(catalogue::item))
        .route("/v2/customers", get(catalogue::customers))
        .route("/v2/returns", get(catalogue::returns).post(catalogue::create_return))
        .route("/v2/returns/{id}/lineitems", get(catalogue::line_items))
        .route("/v2/graphql", post(catalogue::graphql))
        .with_state(clock)
        .merge(sessions::router(&sessions))
        .layer(from_fn_with_state(sessions, sessions::check))
}
