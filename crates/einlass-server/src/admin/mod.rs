//! The administration API, opened by an admin token.

mod error;
pub mod installations;
pub mod policy;
pub mod usage;

pub use error::AdminError;

use crate::Platform;
use crate::audit::Actor;
use axum::extract::FromRequestParts;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::AdminToken;
use http::header::AUTHORIZATION;
use http::request::Parts;
use std::sync::Arc;

/// Proof that the caller may administer. A handler that takes it cannot be reached without it.
#[derive(Debug)]
pub struct Admin(pub AdminToken);

impl FromRequestParts<Arc<Platform>> for Admin {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return Err(AdminError::Unauthenticated);
        };
        let (scheme, token) = header.to_str().unwrap_or_default().split_once(' ').unwrap_or_default();
        // Anything that is no admin token is turned away without a look-up.
        let is_admin_token = SecretKind::recognise(token) == Some(SecretKind::AdminToken);
        if !scheme.eq_ignore_ascii_case("bearer") || !is_admin_token {
            return Err(AdminError::Unauthenticated);
        }
        let hash = SecretHash::of(&Secret::new(token.to_owned()));
        let found = platform.store.admin_token(&hash, platform.clock.wall()).await?;
        found.map(Self).ok_or(AdminError::Unauthenticated)
    }
}

/// The same proof, as the one who acts: for handlers that change something.
#[derive(Debug)]
pub struct By(pub Actor);

impl FromRequestParts<Arc<Platform>> for By {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, AdminError> {
        let Admin(token) = Admin::from_request_parts(parts, platform).await?;
        Ok(Self(Actor::of_extensions(&parts.extensions).named(format!("admin token {}", token.name))))
    }
}
