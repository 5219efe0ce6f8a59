//! Count: what became of the requests.

use super::issue::Issued;
use crate::identity::OAuthError;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many token requests ended which way since the start.
#[derive(Debug, Default)]
pub struct TokenCounters {
    issued: AtomicU64,
    refused: [AtomicU64; Reason::ALL.len()],
}

/// Why a request was refused, as coarse as is of use to who watches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::identity) enum Reason {
    AddressLimit,
    Authentication,
    ClientLimit,
    FailureLimit,
    Fault,
    Grant,
    Request,
    Scope,
    Signing,
    Store,
    StrangerLimit,
}

impl Reason {
    const ALL: [Self; 11] = [
        Self::AddressLimit,
        Self::Authentication,
        Self::ClientLimit,
        Self::FailureLimit,
        Self::Fault,
        Self::Grant,
        Self::Request,
        Self::Scope,
        Self::Signing,
        Self::Store,
        Self::StrangerLimit,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::AddressLimit => "address_limit",
            Self::Authentication => "authentication",
            Self::ClientLimit => "client_limit",
            Self::FailureLimit => "failure_limit",
            Self::Fault => "fault",
            Self::Grant => "grant",
            Self::Request => "request",
            Self::Scope => "scope",
            Self::Signing => "signing",
            Self::Store => "store",
            Self::StrangerLimit => "stranger_limit",
        }
    }
}

impl TokenCounters {
    pub(super) fn count(&self, outcome: &Result<Issued, OAuthError>) {
        let counter = match outcome {
            Ok(_) => &self.issued,
            Err(error) => &self.refused[error.reason() as usize],
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests ended which way: `issued`, or why not.
    pub fn outcomes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let refused = Reason::ALL.into_iter().zip(&self.refused);
        let refused = refused.map(|(reason, counter)| (reason.as_str(), counter));
        let all = [("issued", &self.issued)].into_iter().chain(refused);
        all.map(|(outcome, counter)| (outcome, counter.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn each_reason_has_its_own_counter() {
        for (position, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, position, "{reason:?}");
        }
    }
}
