//! Tokens for somebody who will see them again.

use super::TokenRejected;
use super::times::Span;
use crate::time::UnixTime;
use std::sync::Arc;

/// A token whose form, kind, signature, issuer and audience were found good. They stay so; whether it counts is to be
/// asked at every use.
#[derive(Clone, Debug)]
pub struct RememberedToken<C> {
    pub(super) claims: Arc<C>,
    pub(super) span: Span,
}

impl<C> RememberedToken<C> {
    /// What it says, if it counts at `now`.
    pub fn at(&self, now: UnixTime) -> Result<&Arc<C>, TokenRejected> {
        self.span.check(now)?;
        Ok(&self.claims)
    }

    /// The same token, whatever it says to whom: for somebody who has read it.
    #[must_use]
    pub fn saying<D>(&self, claims: Arc<D>) -> RememberedToken<D> {
        RememberedToken { claims, span: self.span }
    }
}
