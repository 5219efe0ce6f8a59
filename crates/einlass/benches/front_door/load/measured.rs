//! What a run of the load came to.

use std::collections::BTreeMap;
use std::time::Duration;

/// What a run came to.
#[derive(Default)]
pub(crate) struct Measured {
    /// How long each request with a 200 took, the shortest first.
    latencies: Vec<Duration>,
    statuses: BTreeMap<u16, usize>,
    broken: usize,
    offered: usize,
    span: Duration,
}

impl Measured {
    pub(super) fn answered(&mut self, status: u16, latency: Duration) {
        *self.statuses.entry(status).or_default() += 1;
        if status == 200 {
            self.latencies.push(latency);
        }
    }

    /// A connection ended before its answer did.
    pub(super) fn broke(&mut self) {
        self.broken += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.broken += other.broken;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
    }

    pub(super) fn finish(&mut self, span: Duration, offered: usize) {
        (self.span, self.offered) = (span, offered);
        self.latencies.sort_unstable();
    }

    /// Requests that were answered with 200.
    pub(crate) fn good(&self) -> f64 {
        self.latencies.len() as f64
    }

    /// Requests a second that were answered with 200.
    pub(crate) fn rate(&self) -> f64 {
        self.good() / self.span.as_secs_f64()
    }

    /// A percentile of the good ones' latencies in milliseconds; `NaN` when there was none.
    pub(crate) fn percentile(&self, hundredth: usize) -> f64 {
        let Some(last) = self.latencies.len().checked_sub(1) else { return f64::NAN };
        self.latencies[last * hundredth / 100].as_secs_f64() * 1_000.0
    }

    /// The share of all requests that were answered so.
    pub(crate) fn share(&self, status: u16) -> f64 {
        self.statuses.get(&status).copied().unwrap_or(0) as f64 / self.offered as f64
    }

    /// The share of all requests that had no answer when the time was up.
    pub(crate) fn unanswered(&self) -> f64 {
        let answered: usize = self.statuses.values().sum();
        self.offered.saturating_sub(answered) as f64 / self.offered as f64
    }

    /// Requests that were not answered with 200: other statuses and broken connections.
    pub(crate) fn bad(&self) -> usize {
        let all: usize = self.statuses.values().sum();
        all - self.latencies.len() + self.broken
    }

    /// The statuses and how often each came, in words.
    pub(crate) fn statuses(&self) -> String {
        let each = self.statuses.iter().map(|(status, count)| format!("{count} × {status}"));
        let broken = (self.broken > 0).then(|| format!("{} broken", self.broken));
        each.chain(broken).collect::<Vec<_>>().join(", ")
    }
}
