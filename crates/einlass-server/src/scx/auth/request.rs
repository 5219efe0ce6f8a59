//! The one field of the exchange, in whichever of three places a client puts it: a multipart or urlencoded body, or, as
//! old clients do, the query of a request without a body.

use super::super::{ScxError, body};
use super::multipart;
use axum::extract::Request;
use einlass_protocol::oauth::Form;
use einlass_protocol::secret::Secret;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

const FIELD: &str = "refreshToken";

pub(super) async fn refresh_token(request: Request) -> Result<Secret, ScxError> {
    let (head, body) = request.into_parts();
    let in_query = of_form(head.uri.query().unwrap_or_default().as_bytes())?;
    let in_body = of_body(&head.headers, &body::read(body).await?)?;
    match (in_query, in_body) {
        (Some(token), None) | (None, Some(token)) => Ok(Secret::new(token)),
        // Two that may differ are one too many.
        _ => Err(ScxError::Parameter(FIELD)),
    }
}

fn of_body(headers: &HeaderMap, body: &[u8]) -> Result<Option<String>, ScxError> {
    if body.is_empty() {
        return Ok(None);
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        let boundary = multipart::boundary(kind).ok_or(ScxError::Parameter("Content-Type"))?;
        return multipart::field(body, boundary, FIELD)
            .map_err(|multipart::Malformed| ScxError::Parameter(FIELD));
    }
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return of_form(body);
    }
    Err(ScxError::Parameter("Content-Type"))
}

fn of_form(encoded: &[u8]) -> Result<Option<String>, ScxError> {
    let form = Form::parse(encoded).map_err(|_| ScxError::Parameter(FIELD))?;
    Ok(form.get(FIELD).map(str::to_owned))
}
