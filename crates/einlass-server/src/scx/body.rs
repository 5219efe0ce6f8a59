//! Reading a body: 16 KiB within ten seconds, and JSON where there is to be some.

use super::ScxError;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::time::Duration;

const MOST_BYTES: usize = 16 * 1024;
/// A caller who takes longer to send them holds a place that others need.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn read(body: Body) -> Result<Bytes, ScxError> {
    match tokio::time::timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(fault)) if fault.source().is_some_and(<dyn Error>::is::<LengthLimitError>) => {
            Err(ScxError::BodyTooLarge)
        }
        Ok(Err(_)) => Err(ScxError::BodyBroken),
        Err(_) => Err(ScxError::BodyTooSlow),
    }
}

/// A body in JSON, whatever the client calls it. Fields that nobody asked for are passed over.
pub(super) struct Json<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ScxError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ScxError> {
        let body = read(request.into_body()).await?;
        serde_json::from_slice(&body).map(Self).map_err(|_| ScxError::Parameter("body"))
    }
}
