//! Count: what became of the requests.

use super::issue::Issued;
use crate::identity::OAuthError;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many token requests ended which way since the start.
#[derive(Debug, Default)]
pub struct TokenCounters {
    issued: AtomicU64,
    refused: AtomicU64,
}

impl TokenCounters {
    pub(super) fn count(&self, outcome: &Result<Issued, OAuthError>) {
        let counter = if outcome.is_ok() { &self.issued } else { &self.refused };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// How many tokens were issued.
    #[must_use]
    pub fn issued(&self) -> u64 {
        self.issued.load(Ordering::Relaxed)
    }

    /// How many requests were refused.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}
