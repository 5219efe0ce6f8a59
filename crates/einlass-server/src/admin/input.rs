//! What a request brings: its body, its query and its path, read strictly. Every fault is an [`AdminError`].

use super::{Admin, AdminError};
use crate::Platform;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

const MOST_BYTES: usize = 64 * 1024;
/// A caller who takes longer to send them holds a place that others need.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body that must be there.
pub(super) struct Input<T>(pub(super) T);

/// A body that may be left out.
pub(super) struct MaybeInput<T>(pub(super) T);

/// The query.
pub(super) struct Asked<T>(pub(super) T);

/// What the path names.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Platform>> for Input<T> {
    type Rejection = AdminError;

    async fn from_request(request: Request, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let missing = || AdminError::BadRequest("send a body of JSON".into());
        parse(&read(request, platform).await?.ok_or_else(missing)?).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Arc<Platform>> for MaybeInput<T> {
    type Rejection = AdminError;

    async fn from_request(request: Request, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let body = read(request, platform).await?;
        Ok(Self(body.map(|body| parse(&body)).transpose()?.unwrap_or_default()))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Arc<Platform>> for Asked<T> {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Platform>) -> Result<Self, AdminError> {
        let Query(asked) = Query::try_from_uri(&parts.uri).map_err(|fault| in_the("query", &fault))?;
        Ok(Self(asked))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Platform>> for Named<T> {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let named = Path::from_request_parts(parts, platform).await;
        let Path(named) = named.map_err(|fault| in_the("path", &fault))?;
        Ok(Self(named))
    }
}

fn in_the(place: &str, fault: &dyn Error) -> AdminError {
    let cause = fault.source().map_or_else(|| fault.to_string(), ToString::to_string);
    AdminError::BadRequest(format!("the {place}: {cause}"))
}

/// The body; `None` for an empty one, whose type does not matter.
async fn read(request: Request, platform: &Arc<Platform>) -> Result<Option<Bytes>, AdminError> {
    let (mut head, body) = request.into_parts();
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(fault)) if is_too_long(&fault) => return Err(AdminError::TooLarge),
        Ok(Err(_)) => return Err(AdminError::BadRequest("the body ended early".into())),
        Err(_) => return Err(AdminError::TooSlow),
    };
    // The token was judged when the head came. Whoever holds the body back must not act with one that has ended since.
    if head.headers.contains_key(AUTHORIZATION) {
        Admin::from_request_parts(&mut head, platform).await?;
    }
    if body.is_empty() {
        return Ok(None);
    }
    if is_json(&head.headers) { Ok(Some(body)) } else { Err(AdminError::NotJson) }
}

fn is_too_long(fault: &axum::Error) -> bool {
    fault.source().is_some_and(<dyn Error>::is::<LengthLimitError>)
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return false;
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Reads JSON and says where in it a fault is.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, AdminError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|fault| {
        let place = match fault.path().to_string() {
            nowhere if nowhere == "." || nowhere == "?" => "the body".into(),
            place => place,
        };
        AdminError::BadRequest(format!("{place}: {}", fault.inner()))
    })?;
    json.end().map_err(|fault| AdminError::BadRequest(format!("the body: {fault}")))?;
    Ok(value)
}
