//! `[log]`: what is said on standard error, and how.

use super::reader::{Section, Setting};
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

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Log> {
    let format = section.or("format", "text");
    let filter = section.or("filter", "info");
    Some(Log { format: format?, filter: filter? })
}

impl Setting for Format {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be \"text\" or \"json\"".into()),
        }
    }
}

impl Setting for EnvFilter {
    fn parse(text: &str) -> Result<Self, String> {
        Self::builder().parse(text).map_err(|_| {
            "must be a level or a filter; write \"info\", or \"info,einlass::gateway=debug\"".into()
        })
    }
}
