//! What a gateway counts: a few additions for each call, and no lock.

use super::refusal::Refusal;
use super::refused::RefusedCalls;
use super::usage::Usage;
use super::words::{Reason, UpstreamFailure};
use crate::forward::ForwardError;
use einlass_protocol::metrics::{Histogram, Metric, Page};
use einlass_protocol::refused::Refused;
use einlass_protocol::usage::UsageRow;
use http::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const CALLS: Metric =
    Metric { name: "einlass_gateway_calls_total", help: "Calls by the class of their answer's status." };
const REFUSED: Metric = Metric {
    name: "einlass_gateway_refused_total",
    help: "Calls that the gateway answered itself, by reason.",
};
const FORGIVEN: Metric = Metric {
    name: "einlass_gateway_forgiven_total",
    help: "Calls that were forwarded although they lacked scopes.",
};
const ABANDONED: Metric = Metric {
    name: "einlass_gateway_abandoned_total",
    help: "Calls whose callers went away before the answer began.",
};
const FAILURES: Metric =
    Metric { name: "einlass_gateway_upstream_failures_total", help: "Failures of the upstream, by kind." };
const TOOK: Metric = Metric {
    name: "einlass_gateway_call_duration_seconds",
    help: "From a call to the head of its answer, refusals included.",
};
const UPSTREAM_TOOK: Metric = Metric {
    name: "einlass_gateway_upstream_duration_seconds",
    help: "From a request to the upstream to the head of its answer.",
};

/// Counts since the start, written by every worker.
#[derive(Debug, Default)]
pub struct Counters {
    by_class: [AtomicU64; 5],
    by_reason: ByReason,
    failures: [AtomicU64; UpstreamFailure::ALL.len()],
    reported: AtomicU64,
    abandoned: AtomicU64,
    took: Histogram,
    upstream_took: Histogram,
    usage: Usage,
    refused_calls: RefusedCalls,
}

/// A count for each reason.
#[derive(Debug)]
struct ByReason([AtomicU64; Reason::ALL.len()]);

impl Default for ByReason {
    /// Written out, since arrays of more than 32 have no default.
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::default()))
    }
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
        Counts {
            by_class: self.by_class.each_ref().map(read),
            reported: read(&self.reported),
            abandoned: read(&self.abandoned),
        }
    }

    /// Writes everything on a page. `gateway` tells this one from others; its prefix does.
    pub fn write_to(&self, page: &mut Page, gateway: &str) {
        let label = ("gateway", gateway);
        for (class, count) in ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(&self.by_class) {
            page.counter(CALLS, &[label, ("status", class)], read(count));
        }
        for (reason, count) in Reason::ALL.iter().zip(&self.by_reason.0) {
            page.counter(REFUSED, &[label, ("reason", reason.word())], read(count));
        }
        for (kind, count) in UpstreamFailure::ALL.iter().zip(&self.failures) {
            page.counter(FAILURES, &[label, ("kind", kind.word())], read(count));
        }
        page.counter(FORGIVEN, &[label], read(&self.reported));
        page.counter(ABANDONED, &[label], read(&self.abandoned));
        page.histogram(TOOK, &[label], &self.took);
        page.histogram(UPSTREAM_TOOK, &[label], &self.upstream_took);
    }

    /// Who called how much since this was asked last. Calls that are being answered come next time.
    #[must_use]
    pub fn take_usage(&self) -> Vec<UsageRow> {
        self.usage.take()
    }

    /// Which callers, who had proved who they are, were refused since this was asked last; and how many such calls there
    /// were beyond those.
    #[must_use]
    pub fn take_refused(&self) -> (Vec<Refused>, u64) {
        self.refused_calls.take()
    }

    pub(super) fn refused_calls(&self) -> &RefusedCalls {
        &self.refused_calls
    }

    pub(super) fn usage(&self) -> &Usage {
        &self.usage
    }

    pub(super) fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        up(&self.by_class[class]);
        self.took.observe(took);
    }

    pub(super) fn upstream_answered(&self, took: Duration) {
        self.upstream_took.observe(took);
    }

    pub(super) fn refused(&self, refusal: &Refusal) {
        up(&self.by_reason.0[refusal.reason() as usize]);
        if let Refusal::Forward(error) = refusal
            && let Some(failure) = failure(error)
        {
            self.failed(failure);
        }
    }

    pub(super) fn failed(&self, failure: UpstreamFailure) {
        up(&self.failures[failure as usize]);
    }

    pub(super) fn reported(&self) {
        up(&self.reported);
    }

    pub(super) fn abandoned(&self) {
        up(&self.abandoned);
    }
}

/// What of this is the upstream's fault.
fn failure(error: &ForwardError) -> Option<UpstreamFailure> {
    match error {
        ForwardError::Connect(_) => Some(UpstreamFailure::Unreachable),
        ForwardError::ConnectTimedOut => Some(UpstreamFailure::ConnectTimeout),
        ForwardError::HeadTimedOut => Some(UpstreamFailure::AnswerTimeout),
        ForwardError::Broken(_) | ForwardError::Upgrade => Some(UpstreamFailure::NoAnswer),
        ForwardError::CallerStalled | ForwardError::CallerBroken | ForwardError::Target(_) => None,
    }
}

fn up(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
