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

/// Explains in words. A call that would be refused is explained like any other.
pub(super) async fn explain(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(Question { method, path }): Asked<Question>,
) -> Result<String, AdminError> {
    let (api, own) = meant_by(&path, &platform.behind)?;
    in_words(&api.policy.load(), &method, own)
        .map_err(|fault| AdminError::BadRequest(format!("path: {fault}")))
}

/// What the gateway would make of a call. `path` is as the documents write it, without the API's prefix; a query is
/// passed over.
pub fn in_words(policy: &Policy, method: &str, path: &str) -> Result<String, PathRejected> {
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return Ok("refused: no operation is at the prefix itself\n".into());
    }
    let path = RequestPath::parse(path)?;
    Ok(format!("{}\n", policy.explain(&method.to_ascii_uppercase(), &path)))
}

/// What of a path is below `prefix`; nothing of the prefix itself. Whole segments count: `/erpx` is not below `/erp`.
#[must_use]
pub fn below<'a>(prefix: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// The API that a path leads to, and what of the path is its own.
fn meant_by<'a, 'p>(path: &'p str, behind: &'a [Behind]) -> Result<(&'a Behind, &'p str), AdminError> {
    let leading_there = behind.iter().filter_map(|api| Some((api, below(&api.prefix, path)?)));
    leading_there.max_by_key(|(api, _)| api.prefix.len()).ok_or_else(|| {
        let prefixes: Vec<&str> = behind.iter().map(|api| api.prefix.as_str()).collect();
        AdminError::BadRequest(format!("path: no API is there; send one below {}", prefixes.join(" or ")))
    })
}
