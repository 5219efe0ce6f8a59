//! `GET /admin/api/policy/explain?method=GET&path=/erp/v2/items`: which operation a call is, and what it
//! needs.

use super::{Admin, AdminError};
use crate::Platform;
use axum::extract::{Query, State};
use einlass_protocol::policy::{PathRejected, Policy, RequestPath};
use serde::Deserialize;
use std::sync::Arc;

/// The call to explain.
#[derive(Debug, Deserialize)]
pub struct Question {
    method: String,
    path: String,
}

/// Explains in words.
pub async fn explain(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Query(Question { method, path }): Query<Question>,
) -> Result<String, AdminError> {
    in_words(&platform.policy.load(), &method, &path)
        .map_err(|fault| AdminError::BadRequest(fault.to_string()))
}

/// What the gateway would make of a call. `path` is as a caller sends it, below `/erp`, or as the document
/// writes it; a query is passed over.
pub fn in_words(policy: &Policy, method: &str, path: &str) -> Result<String, PathRejected> {
    let path = path.split('?').next().unwrap_or_default();
    let path = RequestPath::parse(path.strip_prefix("/erp").unwrap_or(path))?;
    Ok(format!("{}\n", policy.explain(&method.to_ascii_uppercase(), &path)))
}
