//! What goes wrong in the administration API, and its body: `{"error", "message"}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_store::StoreError;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// Why an administrative request failed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// What the request says makes no sense.
    #[error("{0}")]
    BadRequest(String),
    /// What the request is about is not there.
    #[error("{0}")]
    NotFound(&'static str),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No admin token, or one that does not work.
    #[error("send an admin token: Authorization: Bearer ein_at_…")]
    Unauthenticated,
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let (status, error, message) = match &self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request", self.to_string()),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found", self.to_string()),
            Self::Store(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the store does not answer".into())
            }
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated", self.to_string()),
        };
        tracing::warn!(target: "einlass::admin", status = status.as_u16(), reason = %self, "refused");
        let mut response = (status, Json(json!({"error": error, "message": message}))).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
