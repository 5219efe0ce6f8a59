//! The log: on standard error, for people or for machines.

use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;

/// How lines look.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts the log of a command that has no configuration: `RUST_LOG`, or what is usual for it.
pub(crate) fn start_from_environment(usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    start(filter, Format::Text);
}

/// Starts the log. To be called once.
pub(crate) fn start(filter: EnvFilter, format: Format) {
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match format {
        Format::Text => log.with_ansi(stderr().is_terminal()).compact().init(),
        Format::Json => log.json().flatten_event(true).init(),
    }
}
