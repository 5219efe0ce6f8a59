//! Verifies session tokens with keys that are kept.

use super::{Session, SessionTokenError};
use crate::api::SetupError;
use crate::cache::TokenCache;
use crate::clock::{Clock, SystemClock};
use crate::environment::Environment;
use crate::incoming::{self, Verifier, bearer};
use crate::keyset::{HttpKeySet, KeySetCache, KeySetSettings};
use crate::source::ClientCredentials;
use crate::transport::{BaseUrl, NoTls};
use einlass_protocol::jose::{KeySet, verify_session};
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;

/// Where the keys are, below the API base.
const KEYS: &str = "/account/.well-known/jwks.json";

/// Verifies the session tokens of one app. Clones share its keys; the last one stops their refresh.
#[derive(Clone)]
pub struct SessionVerifier {
    keys: KeySetCache,
    clock: Arc<dyn Clock>,
}

impl SessionVerifier {
    /// A verifier for the app whose tokens these are, at the APIs under `base`. It begins to fetch the keys, and keeps them
    /// fresh on the tokio runtime that this is called in.
    pub fn new(base: &BaseUrl, tokens: TokenCache) -> Result<Self, NoTls> {
        Self::with(base, tokens, Arc::new(SystemClock::new()), KeySetSettings::default())
    }

    /// A verifier with a clock and settings of the caller's.
    pub fn with(
        base: &BaseUrl,
        tokens: TokenCache,
        clock: Arc<dyn Clock>,
        settings: KeySetSettings,
    ) -> Result<Self, NoTls> {
        let set = HttpKeySet::own(base, KEYS)?.with_tokens(tokens);
        Ok(Self { keys: KeySetCache::with(set, Arc::clone(&clock), settings), clock })
    }

    /// A verifier set up by the process's environment, see [`Environment`]. Runs on the tokio runtime that this is called in.
    pub fn from_env() -> Result<Self, SetupError> {
        Ok(Self::of(Environment::read(|name| std::env::var(name).ok())?)?)
    }

    /// A verifier for what this environment names.
    pub fn of(environment: Environment) -> Result<Self, NoTls> {
        let source = ClientCredentials::new(&environment.auth_base, environment.credentials)?;
        Self::new(&environment.api_base, TokenCache::new(source))
    }

    /// Whose token this is.
    ///
    /// Waits for the platform only when there are no keys yet, or when none of them checks the token.
    pub async fn verify(&self, token: &str) -> Result<Session, SessionTokenError> {
        if token.is_empty() {
            return Err(SessionTokenError::Missing);
        }
        let judge = |keys: &KeySet| verify_session(token, keys, self.clock.wall());
        let verdict = incoming::judged(&self.keys, judge).await?;
        verdict.map(Session::from).map_err(|why| SessionTokenError::of(why, self.clock.wall()))
    }

    /// Whose token is in these headers, as `Authorization: Bearer <session token>`.
    pub async fn verify_headers(&self, headers: &HeaderMap) -> Result<Session, SessionTokenError> {
        self.verify(bearer(headers).ok_or(SessionTokenError::Missing)?).await
    }
}

impl Verifier for SessionVerifier {
    type Verified = Session;
    type Refusal = SessionTokenError;

    async fn verified(&self, headers: &HeaderMap) -> Result<Session, SessionTokenError> {
        self.verify_headers(headers).await
    }
}

impl fmt::Debug for SessionVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionVerifier").field("keys", &self.keys).finish_non_exhaustive()
    }
}
