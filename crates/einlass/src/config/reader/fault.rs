//! What is wrong with a configuration: all of it, each in one line that begins with where it is.

use crate::failure::Failure;
use std::fmt;
use std::path::Path;

/// Where something is said.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(in crate::config) enum Place {
    /// Nowhere: it is what holds if nobody says otherwise.
    Default,
    /// In the file, or missing from it.
    File,
    /// In this line of the file.
    Line(usize),
    /// In this variable of the environment.
    Variable(String),
}

/// One thing that is wrong.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Fault {
    pub(super) place: Place,
    /// `store.url`; empty where it is no key's.
    pub(super) key: String,
    /// What is wrong; what to do.
    pub(super) message: String,
}

/// Everything that is wrong with a configuration.
#[derive(Debug)]
pub(crate) struct Faults {
    file: String,
    pub(super) list: Vec<Fault>,
}

impl Faults {
    pub(super) fn of(file: &Path) -> Self {
        Self { file: file.display().to_string(), list: Vec::new() }
    }

    pub(super) fn add(&mut self, place: Place, key: &str, message: String) {
        self.list.push(Fault { place, key: key.into(), message });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// In the order of the file, then the environment's.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<&Fault> = self.list.iter().collect();
        sorted.sort();
        for (at, Fault { place, key, message }) in sorted.into_iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            let colon = if key.is_empty() { "" } else { ": " };
            match place {
                Place::Line(line) => write!(f, "{separator}{}:{line}: {key}{colon}{message}", self.file)?,
                Place::Variable(name) => write!(f, "{separator}{name}: {message}")?,
                Place::File | Place::Default => write!(f, "{separator}{}: {key}{colon}{message}", self.file)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        let count = match faults.list.len() {
            1 => "a fault".into(),
            several => format!("{several} faults"),
        };
        Self::Usage(format!("the configuration has {count}\n{faults}"))
    }
}
