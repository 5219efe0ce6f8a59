//! Whom the gateway refused, of those who had proved who they are: for the audit. Refusals are few, or a flood in which
//! alike ones count as one; so all workers write into one book.

use super::record::Record;
use einlass_protocol::refused::{Refused, RefusedBook, RefusedCall};
use std::sync::{Mutex, PoisonError};

/// How many that are not alike are kept until the platform asks.
const MOST_APART: usize = 200;

/// The book.
#[derive(Debug)]
pub(super) struct RefusedCalls(Mutex<RefusedBook>);

impl Default for RefusedCalls {
    fn default() -> Self {
        Self(Mutex::new(RefusedBook::of_at_most(MOST_APART)))
    }
}

impl RefusedCalls {
    /// Takes note of a refusal, if its caller is known.
    pub(super) fn note(&self, record: &Record<'_>, reason: &'static str) {
        let Some((caller, app, at)) = record.caller_since() else { return };
        let call = RefusedCall { caller, app, tenant: record.tenant, operation: record.wanted(), reason };
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.note(call, at, record.address, record.id.into());
    }

    pub(super) fn take(&self) -> (Vec<Refused>, u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
