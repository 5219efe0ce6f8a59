//! `[shutdown]`: how a node ends.

use super::reader::Section;
use std::time::Duration;

/// How a node ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shutdown {
    /// How long it goes on serving once it has said that it will end: at most five minutes.
    pub(crate) grace: Duration,
}

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Shutdown> {
    section.within("grace", "5s", ["0s", "5m"]).map(|grace| Shutdown { grace })
}
