//! Every path of the administration API, below `/admin/api`: what `openapi.yaml` describes.

use super::{
    AdminError, admin_tokens, app_keys, apps, audit, channels, clients, first_operator, grants,
    installations, keys, manifests, members, organisations, people, policy, refresh_tokens, registrations,
    revocations, secrets, sites, status, tenants, usage,
};
use crate::Platform;
use axum::Router;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Uri};
use std::sync::Arc;

/// The document that describes it.
pub const OPENAPI: &str = include_str!("openapi.yaml");

/// The administration API.
pub fn router() -> Router<Arc<Platform>> {
    Router::new()
        .route("/organisations", get(organisations::list).post(organisations::create))
        .route("/organisations/{organisation}", get(organisations::show))
        .route("/organisations/{organisation}/members", get(members::list))
        .route("/organisations/{organisation}/members/{member}", delete(members::remove))
        .route("/organisations/{organisation}/members/{member}/recovery", post(members::recover))
        .route("/organisations/{organisation}/invitations", post(members::invite))
        .route("/tenants", get(tenants::list).post(tenants::create))
        .route("/tenants/{tenant}", get(tenants::show))
        .route("/tenants/{tenant}/installations", get(installations::of_tenant))
        .route(
            "/tenants/{tenant}/installations/{app}",
            put(installations::install).delete(installations::remove),
        )
        .route("/apps", get(apps::list).post(apps::create))
        .route("/apps/{app}", get(apps::show).patch(apps::change))
        .route("/apps/{app}/manifest", get(manifests::show).put(manifests::put))
        .route("/apps/{app}/readmit", post(apps::readmit))
        .route("/apps/{app}/publish", post(manifests::publish))
        .route("/apps/{app}/withdraw", post(manifests::withdraw))
        .route("/apps/{app}/installations", get(installations::of_app))
        .route("/apps/{app}/clients", get(clients::list).post(clients::create))
        .route("/clients/{client}", get(clients::show))
        .route("/clients/{client}/redirect-uris", get(clients::redirect_uris).put(clients::set_redirect_uris))
        .route("/clients/{client}/secrets", get(secrets::list).post(secrets::create))
        .route("/channels", get(channels::list).post(channels::create))
        .route("/channels/{channel}", get(channels::show))
        .route("/channels/{channel}/readmit", post(channels::readmit))
        .route(
            "/channels/{channel}/tokens",
            get(refresh_tokens::of_channel).post(refresh_tokens::create_of_channel),
        )
        .route(
            "/tenants/{tenant}/seller-tokens",
            get(refresh_tokens::of_tenant).post(refresh_tokens::create_of_tenant),
        )
        .route("/tenants/{tenant}/seller-pin", post(refresh_tokens::create_pin))
        .route("/sites", get(sites::list).post(sites::create))
        .route("/sites/{database}", get(sites::show).patch(sites::change))
        .route("/sites/{database}/wait", post(sites::wait).delete(sites::stop))
        .route("/sites/{database}/registrations", get(registrations::list))
        .route("/registrations/{registration}", get(registrations::show).delete(registrations::revoke))
        .route("/registrations/{registration}/accept", post(registrations::accept))
        .route("/registrations/{registration}/reject", post(registrations::reject))
        .route("/registrations/{registration}/hand-out", post(registrations::hand_out))
        .route("/app-keys", get(app_keys::list))
        .route("/app-keys/{app_id}", put(app_keys::put).delete(app_keys::remove))
        .route("/keys", get(keys::list))
        .route("/keys/rotate", post(keys::rotate))
        .route("/keys/{kid}", delete(keys::distrust))
        .route("/revocations", post(revocations::create))
        .route("/people", get(people::list))
        .route("/people/{person}", get(people::show))
        .route("/people/{person}/grants", get(grants::of_person))
        .route("/clients/{client}/grants", get(grants::of_client))
        .route("/grants/{grant}", delete(grants::end))
        .route("/admin-tokens", get(admin_tokens::list).post(admin_tokens::create))
        .route("/admin-tokens/claim", post(first_operator::claim))
        .route("/admin-tokens/{admin_token}", delete(admin_tokens::revoke))
        .route("/audit", get(audit::list))
        .route("/usage", get(usage::show))
        .route("/status", get(status::show))
        .route("/policy/explain", get(policy::explain))
        .route("/openapi.yaml", get(document))
        .fallback(unknown_path)
        .method_not_allowed_fallback(async || AdminError::MethodNotAllowed)
        .layer(map_response(not_kept))
}

async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/yaml")], OPENAPI)
}

async fn unknown_path(uri: Uri) -> AdminError {
    let path: String = uri.path().chars().take(200).collect();
    AdminError::NotFound(format!("nothing is at {path:?}; GET /admin/api/openapi.yaml says what is where"))
}

/// RFC 9111 §5.2.2.5: answers hold secrets, or what only an administrator may see.
async fn not_kept(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
