//! `[log]`: what is said on standard error, and how.

use crate::log::Format;
use tracing_subscriber::EnvFilter;

/// The log: for [`crate::log::start`].
#[derive(Debug)]
pub(crate) struct Log {
    /// How lines look.
    pub(crate) format: Format,
    /// Which lines there are.
    pub(crate) filter: EnvFilter,
}
