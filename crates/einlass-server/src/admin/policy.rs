//! `GET /admin/api/policy/explain?method=GET&path=/erp/v2/items`: which operation a call is, and what it
//! needs.

use super::input::Asked;
use super::{Admin, AdminError};
use crate::Platform;
use crate::platform::Behind;
use axum::extract::State;
use einlass_protocol::policy::{PathRejected, Policy, RequestPath};
use serde::Deserialize;
use std::sync::Arc;

/// The call to explain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    method: String,
    path: String,
}

/// Explains in words.
pub(super) async fn explain(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(Question { method, path }): Asked<Question>,
) -> Result<String, AdminError> {
    let Behind { prefix, policy } = meant_by(&path, &platform.behind)?;
    in_words(prefix, &policy.load(), &method, &path)
        .map_err(|fault| AdminError::BadRequest(format!("path: {fault}")))
}

/// What the gateway would make of a call. `path` is as a caller sends it, below `prefix`, or as the document
/// writes it; a query is passed over.
pub fn in_words(prefix: &str, policy: &Policy, method: &str, path: &str) -> Result<String, PathRejected> {
    let path = path.split('?').next().unwrap_or_default();
    let path = RequestPath::parse(below(prefix, path).unwrap_or(path))?;
    Ok(format!("{}\n", policy.explain(&method.to_ascii_uppercase(), &path)))
}

/// The API that a path leads to; where there is but one, a path may leave out what comes before its own.
fn meant_by<'a>(path: &str, behind: &'a [Behind]) -> Result<&'a Behind, AdminError> {
    let leading_there = behind.iter().filter(|api| below(&api.prefix, path).is_some());
    if let Some(api) = leading_there.max_by_key(|api| api.prefix.len()) {
        return Ok(api);
    }
    if let [only] = behind {
        return Ok(only);
    }
    let prefixes: Vec<&str> = behind.iter().map(|api| api.prefix.as_str()).collect();
    Err(AdminError::BadRequest(format!("no API is there; paths begin with one of: {}", prefixes.join(" "))))
}

fn below<'a>(prefix: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.starts_with('/'))
}
