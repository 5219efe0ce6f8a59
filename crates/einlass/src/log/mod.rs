//! The log: on standard error, for people or for machines.

mod line;
mod writer;

use line::{Fields, Line};
use std::io::{self, IsTerminal, stderr};
use std::sync::OnceLock;
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use writer::Lines;

/// How long the end of the process waits for whoever reads the log.
const PATIENCE: Duration = Duration::from_secs(2);

/// There is one log, as there is one standard error.
static LOG: OnceLock<Lines> = OnceLock::new();

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
pub(crate) fn start_from_environment(usual: &str) -> io::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    start(filter, Format::Text)
}

/// Starts the log. To be called once.
pub(crate) fn start(filter: EnvFilter, format: Format) -> io::Result<()> {
    let lines = Lines::to(stderr())?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines.clone());
    match format {
        Format::Text => {
            log.with_ansi(stderr().is_terminal()).event_format(Line).fmt_fields(Fields).init();
        }
        Format::Json => log.json().flatten_event(true).init(),
    }
    LOG.get_or_init(|| lines);
    Ok(())
}

/// Does something, and then waits until its log is written, even if it panics.
pub(crate) fn written_after<T>(work: impl FnOnce() -> T) -> T {
    struct Written;
    impl Drop for Written {
        fn drop(&mut self) {
            flush();
        }
    }
    let _written = Written;
    work()
}

/// Waits until everything that was logged is written, for a while.
pub(crate) fn flush() {
    if let Some(lines) = LOG.get() {
        lines.flush(PATIENCE);
    }
}
