//! A name for each request, ours and never the caller's: in every answer and in every log line, so that the one
//! leads to the other.

use crate::Platform;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use std::sync::Arc;
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request, in its extensions.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

/// Names a request while it is answered.
pub async fn name(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    named(&platform, request, |request| next.run(request)).await
}

/// The same without a router.
pub(crate) async fn named<F: Future<Output = Response>>(
    platform: &Platform,
    mut request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let id = platform.random.uuid();
    request.extensions_mut().insert(RequestId(id));
    // At the highest level, so that no filter takes it from the lines that matter.
    let span = tracing::error_span!("request", request_id = %id);
    let mut response = answer(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
