//! File descriptors: what connections are made of, and what a process runs out of first.

use super::Settings;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;

/// For everything that is no connection: the store's files, the log, listeners, files that are read again.
const RESERVED: u64 = 256;
/// A call holds its caller's connection and one to the upstream.
const FOR_EACH_CONNECTION: u64 = 2;

/// How many descriptors this process may have.
#[derive(Clone, Copy, Debug)]
pub struct Descriptors(u64);

impl Descriptors {
    /// Raises the soft limit (`RLIMIT_NOFILE`) to the hard one, for the whole process, and writes down what it is.
    /// To be called once, at the start.
    pub fn raise() -> io::Result<Self> {
        let limit = getrlimit(Resource::Nofile);
        if limit.current != limit.maximum {
            setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
        }
        let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        tracing::info!(target: "einlass::listen", limit, "file descriptors");
        Ok(Self(limit))
    }

    /// The same settings with no more connections than there are descriptors for, when `workers` is the number of the
    /// workers of all listeners and `of_one` of one of them. At least one: a limit so low is an operator's to see. No
    /// address gets more than a quarter of a listener's, so that one alone cannot shut others out.
    #[must_use]
    pub fn bound(self, settings: Settings, workers: usize, of_one: usize) -> Settings {
        let max_connections = settings.max_connections.min(self.for_each(workers));
        let of_listener = max_connections.saturating_mul(u32::try_from(of_one).unwrap_or(u32::MAX));
        let max_per_address = settings.max_per_address.min((of_listener / 4).max(1));
        Settings { max_connections, max_per_address, ..settings }
    }

    fn for_each(self, workers: usize) -> u32 {
        let connections = self.0.saturating_sub(RESERVED) / FOR_EACH_CONNECTION;
        let each = connections / u64::try_from(workers).unwrap_or(u64::MAX).max(1);
        u32::try_from(each).unwrap_or(u32::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_share_what_there_is() {
        for (limit, workers, each) in
            [(1024, 1, 384), (1024, 2, 192), (1_048_576, 4, 131_040), (100, 2, 1), (u64::MAX, 1, u32::MAX)]
        {
            assert_eq!(Descriptors(limit).for_each(workers), each, "{limit} {workers}");
        }
        let settings = Descriptors(1024).bound(Settings::default(), 2, 2);
        assert_eq!((settings.max_connections, settings.max_per_address), (192, 96));
        let settings = Descriptors(u64::MAX).bound(Settings::default(), 2, 2);
        assert_eq!(settings.max_connections, Settings::default().max_connections);
        assert_eq!(settings.max_per_address, Settings::default().max_per_address);
    }
}
