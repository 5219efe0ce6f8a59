//! The manifest of a cloud app, version 1: what it is called, where its pages are, and what it needs. Later versions are
//! imported: what of them version 1 has a place for.

mod import;
mod read;
mod taken;
mod web_url;

pub use import::{Imported, ManifestVersion};
pub use read::{Fault, ManifestRejected};
pub use web_url::{InvalidWebUrl, WebUrl};

use crate::scope::ScopeSet;
use std::collections::BTreeSet;
use std::str::FromStr;

/// A manifest that was read without a fault. What pages have no use for is kept in its text alone.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Manifest {
    /// What people call the app.
    pub name: String,
    /// Its version, as its maker counts.
    pub version: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// What it does.
    pub description: String,
    /// Where its users find help.
    pub support: Option<WebUrl>,
    /// What it does with personal data.
    pub privacy: Option<WebUrl>,
    /// What its maker asks of its users.
    pub terms: Option<WebUrl>,
    /// Its page that finishes an installation.
    pub setup: Option<WebUrl>,
    /// Its own site, which a tile opens.
    pub launcher: Option<WebUrl>,
    /// Its pages in the ERP's menu.
    pub menu: Vec<MenuItem>,
    /// Its pages beside those of the ERP.
    pub panes: Vec<Pane>,
    /// What it needs at the ERP's API.
    pub scopes: ScopeSet,
}

/// A page in the ERP's menu.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MenuItem {
    /// Its name in URLs, unique in the manifest.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Where it is.
    pub url: WebUrl,
}

/// A page beside one of the ERP's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pane {
    /// Where it is.
    pub url: WebUrl,
    /// What people read above it.
    pub title: String,
    /// Beside which page: `customers`.
    pub context: String,
}

impl Manifest {
    /// A manifest with all that one can say, to begin with.
    pub const EXAMPLE: &str = include_str!("example.json");

    /// Reads a manifest and finds every fault that it has.
    ///
    /// # Errors
    /// All faults, each with its place.
    pub fn read(text: &str) -> Result<Self, ManifestRejected> {
        read::manifest(text)
    }

    /// Reads a manifest of any version, and says what is in its place in version 1. Faults are named by where they are in the
    /// text.
    ///
    /// # Errors
    /// All faults, each with its place.
    pub fn import(text: &str) -> Result<Imported, ManifestRejected> {
        import::import(text)
    }

    /// The origins of its pages that are shown in frames.
    #[must_use]
    pub fn framed(&self) -> BTreeSet<&str> {
        let menu = self.menu.iter().map(|item| &item.url);
        let panes = self.panes.iter().map(|pane| &pane.url);
        self.setup.iter().chain(menu).chain(panes).map(WebUrl::origin).collect()
    }
}

impl FromStr for Manifest {
    type Err = ManifestRejected;

    fn from_str(text: &str) -> Result<Self, ManifestRejected> {
        Self::read(text)
    }
}
