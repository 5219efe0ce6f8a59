//! `/admin/api/keys`: the signing keys.

use super::find::missing;
use super::input::Named;
use super::time::Time;
use super::{Admin, AdminError, By};
use crate::Platform;
use crate::keys::{KeyStatus, Phase};
use axum::Json;
use axum::extract::State;
use einlass_protocol::jose::Algorithm;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;

/// A key in an answer.
#[derive(Debug, Serialize)]
struct View {
    kid: String,
    issuer: String,
    algorithm: Algorithm,
    phase: &'static str,
    announced_at: Time,
    signs_from: Time,
}

impl From<KeyStatus> for View {
    fn from(key: KeyStatus) -> Self {
        Self {
            kid: key.kid,
            issuer: key.issuer,
            algorithm: key.algorithm,
            phase: match key.phase {
                Phase::Announced => "announced",
                Phase::Signing => "signing",
                Phase::Retired => "retired",
                Phase::Distrusted => "distrusted",
            },
            announced_at: key.announced_at.into(),
            signs_from: key.signs_from.into(),
        }
    }
}

/// Every key.
#[derive(Debug, Serialize)]
pub(super) struct Keys {
    items: Vec<View>,
}

async fn all(platform: &Platform) -> Result<Json<Keys>, AdminError> {
    let items = platform.signing_keys().await?.into_iter().map(View::from).collect();
    Ok(Json(Keys { items }))
}

pub(super) async fn list(_: Admin, State(platform): State<Arc<Platform>>) -> Result<Json<Keys>, AdminError> {
    all(&platform).await
}

pub(super) async fn rotate(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
) -> Result<Json<Keys>, AdminError> {
    platform.rotate_keys(&actor).await?;
    all(&platform).await
}

/// Distrusts a key. To distrust it again is no error.
pub(super) async fn distrust(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(kid): Named<String>,
) -> Result<StatusCode, AdminError> {
    let is_known = platform.signing_keys().await?.iter().any(|key| key.kid == kid);
    if !is_known {
        return Err(missing("key", &kid, "keys"));
    }
    platform.distrust_key(&kid, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
