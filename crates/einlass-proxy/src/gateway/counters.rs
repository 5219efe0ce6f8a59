//! What a gateway counts.

use super::usage::Usage;
use einlass_protocol::usage::UsageRow;
use http::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the start, written by every worker.
#[derive(Debug, Default)]
pub struct Counters {
    by_class: [AtomicU64; 5],
    reported: AtomicU64,
    abandoned: AtomicU64,
    usage: Usage,
}

/// What was counted up to one moment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Answers by the first digit of their status: `by_class[0]` is 1xx, `by_class[4]` is 5xx. Refusals are among
    /// them.
    pub by_class: [u64; 5],
    /// Calls that were forwarded although they lacked scopes ([`super::Mode::Report`]).
    pub reported: u64,
    /// Calls whose callers went away before the answer began.
    pub abandoned: u64,
}

impl Counters {
    /// What has been counted by now.
    pub fn read(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            by_class: self.by_class.each_ref().map(read),
            reported: read(&self.reported),
            abandoned: read(&self.abandoned),
        }
    }

    /// Who called how much since this was asked last. Calls that are being answered come next time.
    #[must_use]
    pub fn take_usage(&self) -> Vec<UsageRow> {
        self.usage.take()
    }

    pub(super) fn usage(&self) -> &Usage {
        &self.usage
    }

    pub(super) fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.by_class[class].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn reported(&self) {
        self.reported.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn abandoned(&self) {
        self.abandoned.fetch_add(1, Ordering::Relaxed);
    }
}
