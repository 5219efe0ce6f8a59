//! Why a caller gets no token.

use crate::fetch::FetchError;
use std::sync::Arc;
use std::time::Duration;

/// There is no token that may be sent: neither an expired one nor none takes its place.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The last token is used up and another cannot be had at the moment.
    #[error("no valid token; next attempt in {:.1} s: {last_error}", .retry_in.as_secs_f32())]
    Unavailable {
        /// How long until the identity provider is asked again; asking earlier gives this error again.
        retry_in: Duration,
        /// What happened when it was asked last.
        last_error: Arc<FetchError>,
    },
    /// The identity provider refuses: the credentials, or what is asked for. Somebody has to change something; the cache
    /// sees it within seconds when they have.
    #[error("no valid token, and the identity provider refuses one: {last_error}")]
    Rejected {
        /// How long until the identity provider is asked again.
        retry_in: Duration,
        /// What it said.
        last_error: Arc<FetchError>,
    },
    /// The refresh ended without a result: it panicked, or the runtime that it ran on was shut down.
    #[error("the refresh was interrupted")]
    Interrupted,
}

impl TokenError {
    pub(super) fn new(last_error: Arc<FetchError>, retry_in: Duration) -> Self {
        if last_error.is_terminal() {
            return Self::Rejected { retry_in, last_error };
        }
        Self::Unavailable { retry_in, last_error }
    }

    /// Whether trying again later may help without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        !matches!(self, Self::Rejected { .. })
    }

    /// How long to wait before trying again: what a server puts into `Retry-After`.
    #[must_use]
    pub fn retry_in(&self) -> Duration {
        match self {
            Self::Unavailable { retry_in, .. } | Self::Rejected { retry_in, .. } => *retry_in,
            Self::Interrupted => Duration::ZERO,
        }
    }
}
