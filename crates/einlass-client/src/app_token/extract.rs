//! An [`AppToken`] among the arguments of a handler of axum's.

use super::{AppToken, AppTokenError, AppTokenVerifier};
use axum_core::extract::{FromRef, FromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

impl<S> FromRequestParts<S> for AppToken
where
    AppTokenVerifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AppTokenError;

    /// What the app token says that is sent as `Authorization: Bearer`.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppTokenError> {
        AppTokenVerifier::from_ref(state).verify_headers(&parts.headers).await
    }
}

impl IntoResponse for AppTokenError {
    fn into_response(self) -> Response {
        self.answer()
    }
}
