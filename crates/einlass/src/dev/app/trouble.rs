//! What went wrong, in words that the app's pages show: `{"error": …, "message": …}`, as the SDK answers too.

use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_client::api::ApiError;
use einlass_client::session::SessionTokenError;
use http::StatusCode;
use serde_json::json;

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Session(#[from] SessionTokenError),
    #[error("the platform cannot be asked: {0}")]
    Unanswered(#[from] ApiError),
    #[error("the app is not installed at this tenant any more, or may not see this")]
    Forbidden,
    #[error("the platform answered with status {0}")]
    Refused(StatusCode),
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, error) = match &self {
            // The SDK knows what a frontend is to be told of its token.
            Self::Session(fault) => return fault.answer(),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Unanswered(_) => (StatusCode::BAD_GATEWAY, "platform_unanswered"),
            Self::Refused(_) => (StatusCode::BAD_GATEWAY, "platform_refused"),
        };
        (status, Json(json!({ "error": error, "message": self.to_string() }))).into_response()
    }
}
