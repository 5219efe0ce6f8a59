//! The token cache: always a token that may be sent, or a typed reason why there is none.
//!
//! - A token is *fresh* (served), *due* (served, and another is fetched behind it) or *unusable* (callers
//!   wait). A fresh one costs a load and two comparisons: no lock, no allocation.
//! - A refresh is a task of the cache. A caller who goes away does not stop it; the cache's last handle does.
//! - There is never more than one refresh, and after a failure there is a pause in which the same failure is
//!   the answer. Nothing is permanent: after every pause the identity provider is asked again.
//! - The cache has no timers. Each use compares both clocks, so that it does not matter how long the machine
//!   slept in between, and an idle process asks for nothing.

pub(crate) mod backoff;
mod core;
mod error;
mod state;
mod token;
mod windows;

pub use error::TokenError;
pub use token::{Generation, Token};

use self::core::{Core, Next};
use crate::clock::{Clock, SystemClock};
use crate::jitter::{Jitter, OsJitter};
use crate::source::TokenSource;
use state::{Outcome, Outcomes};
use std::fmt;
use std::sync::Arc;

/// A handle to the cache of one source's tokens. Clones share the cache.
///
/// A source stands for one issuer, client and set of scopes, and a cache for one source: there is no look-up
/// that could give somebody another client's token. The tenant is no part of it, since it is stated with
/// each request.
#[derive(Clone)]
pub struct TokenCache(Arc<Owner>);

/// Goes with the last handle and takes the refresh along.
struct Owner(Arc<Core>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.state().ground();
    }
}

impl TokenCache {
    /// A cache over the system's clock. Nothing is fetched before the first use.
    #[must_use]
    pub fn new(source: impl TokenSource) -> Self {
        Self::with(source, Arc::new(SystemClock::new()), Arc::new(OsJitter))
    }

    /// A cache with a clock and a jitter of the caller's.
    #[must_use]
    pub fn with(source: impl TokenSource, clock: Arc<dyn Clock>, jitter: Arc<dyn Jitter>) -> Self {
        Self(Arc::new(Owner(Arc::new(Core::new(Arc::new(source), clock, jitter)))))
    }

    /// A token that may be sent now.
    ///
    /// Waits for the identity provider only when the cache has none. Dropping the future leaves the refresh
    /// running, so a caller may set a deadline of its own. Needs a tokio runtime.
    pub async fn token(&self) -> Result<Arc<Token>, TokenError> {
        if let Some(token) = self.0.0.usable() {
            return Ok(token);
        }
        match self.0.0.next()? {
            Next::Token(token) => Ok(token),
            Next::Refresh(outcomes) => outcome_of(outcomes).await,
        }
    }

    /// A token to try in place of one that an API answered with 401.
    ///
    /// When the cache already has a later one, that is it. Else the cache refreshes, at most once in five
    /// seconds for this reason; `None` means that it has done so already and has nothing better. The refused
    /// token stays in use until another has come: one API's refusal does not take away from the others what
    /// may still be good, least of all while the identity provider is down.
    pub async fn instead_of(&self, refused: Generation) -> Result<Option<Arc<Token>>, TokenError> {
        match self.0.0.instead_of(refused)? {
            None => Ok(None),
            Some(Next::Token(token)) => Ok(Some(token)),
            Some(Next::Refresh(outcomes)) => outcome_of(outcomes).await.map(Some),
        }
    }
}

async fn outcome_of(mut outcomes: Outcomes) -> Outcome {
    match outcomes.wait_for(Option::is_some).await {
        Ok(outcome) => outcome.clone().unwrap_or(Err(TokenError::Interrupted)),
        Err(_) => Err(TokenError::Interrupted),
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}
