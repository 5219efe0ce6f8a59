//! Whom the gateway refused, of those who had proved who they are: for the audit. Refusals are few, or a flood in which
//! alike ones count as one; so all workers write into one book.

use einlass_protocol::refused::{Refused, RefusedBook, RefusedCall};
use einlass_protocol::time::UnixTime;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

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
    /// Takes note of a refusal.
    pub(super) fn note(&self, call: RefusedCall, at: UnixTime, address: IpAddr, request_id: Uuid) {
        self.book().note(call, at, address, request_id);
    }

    pub(super) fn take(&self) -> (Vec<Refused>, u64) {
        self.book().take()
    }

    fn book(&self) -> MutexGuard<'_, RefusedBook> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
