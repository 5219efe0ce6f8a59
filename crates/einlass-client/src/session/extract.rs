//! A [`Session`] among the arguments of a handler of axum's.

use super::{Session, SessionTokenError, SessionVerifier};
use axum_core::extract::{FromRef, FromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

impl<S> FromRequestParts<S> for Session
where
    SessionVerifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = SessionTokenError;

    /// The session of the token that is sent as `Authorization: Bearer`.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SessionTokenError> {
        SessionVerifier::from_ref(state).verify_headers(&parts.headers).await
    }
}

impl IntoResponse for SessionTokenError {
    fn into_response(self) -> Response {
        self.answer()
    }
}
