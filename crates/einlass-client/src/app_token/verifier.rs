//! Verifies app tokens with keys that are kept.

use super::{AppToken, AppTokenError};
use crate::clock::{Clock, SystemClock};
use crate::environment::{AppEnvironment, InvalidEnvironment};
use crate::incoming::{self, Verifier, bearer};
use crate::issuer::{DiscoveredKeys, Issuer};
use crate::keyset::{KeySetCache, KeySetSettings};
use einlass_protocol::ids::AppId;
use einlass_protocol::jose::{AppVerifier, KeySet};
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;

/// Verifies the app tokens of one app. Clones share its keys; the last one stops their refresh.
#[derive(Clone)]
pub struct AppTokenVerifier {
    verifier: AppVerifier,
    keys: KeySetCache,
    clock: Arc<dyn Clock>,
}

impl AppTokenVerifier {
    /// A verifier for this app's tokens of this issuer. It begins to fetch the keys, and keeps them fresh on the tokio runtime
    /// that this is called in.
    #[must_use]
    pub fn new(issuer: Issuer, app: AppId) -> Self {
        Self::with(issuer, app, Arc::new(SystemClock::new()), KeySetSettings::default())
    }

    /// A verifier with a clock and settings of the caller's.
    #[must_use]
    pub fn with(issuer: Issuer, app: AppId, clock: Arc<dyn Clock>, settings: KeySetSettings) -> Self {
        let verifier = AppVerifier::of_app(issuer.as_str(), app);
        let keys = KeySetCache::with(DiscoveredKeys::of(issuer), Arc::clone(&clock), settings);
        Self { verifier, keys, clock }
    }

    /// A verifier set up by the process's environment, see [`AppEnvironment`]. Runs on the tokio runtime that this is called
    /// in.
    pub fn from_env() -> Result<Self, InvalidEnvironment> {
        Ok(Self::of(AppEnvironment::read(|name| std::env::var(name).ok())?))
    }

    /// A verifier for what this environment names.
    #[must_use]
    pub fn of(environment: AppEnvironment) -> Self {
        Self::new(environment.issuer, environment.app)
    }

    /// Whose token this is.
    ///
    /// Waits for the issuer only when there are no keys yet, or when none of them checks the token.
    pub async fn verify(&self, token: &str) -> Result<AppToken, AppTokenError> {
        if token.is_empty() {
            return Err(AppTokenError::Missing);
        }
        let judge = |keys: &KeySet| self.verifier.verify(token, keys, self.clock.wall());
        let verdict = incoming::judged(&self.keys, judge).await?;
        verdict.map(AppToken::from).map_err(|why| AppTokenError::of(why, self.clock.wall()))
    }

    /// Whose token is in these headers, as `Authorization: Bearer <app token>`.
    pub async fn verify_headers(&self, headers: &HeaderMap) -> Result<AppToken, AppTokenError> {
        self.verify(bearer(headers).ok_or(AppTokenError::Missing)?).await
    }
}

impl Verifier for AppTokenVerifier {
    type Verified = AppToken;
    type Refusal = AppTokenError;

    async fn verified(&self, headers: &HeaderMap) -> Result<AppToken, AppTokenError> {
        self.verify_headers(headers).await
    }
}

impl fmt::Debug for AppTokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("AppTokenVerifier");
        shown.field("verifier", &self.verifier).field("keys", &self.keys).finish_non_exhaustive()
    }
}
