//! Reads a TOML document together with the environment: takes note of every fault and of where each value comes from,
//! and goes on.

mod effective;
mod fault;
mod line;
mod secret;
mod section;
mod setting;
mod suggestion;
mod values;

pub(crate) use effective::{Effective, quoted};
pub(crate) use fault::Faults;
pub(super) use fault::Place;
pub(super) use section::Section;
pub(super) use setting::Setting;

use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// Looks a variable of the environment up.
pub(super) type Variable<'t> = &'t dyn Fn(&str) -> Option<String>;

/// What sections share while they are read.
pub(super) struct Reader<'t> {
    text: &'t str,
    variable: Variable<'t>,
    /// Relative paths begin here.
    folder: PathBuf,
    faults: Faults,
    effective: Effective,
}

/// Reads a file with `document`, which gives what the whole means, or `None` where something is wrong.
pub(super) fn read<T>(
    file: &Path,
    variable: Variable<'_>,
    document: impl FnOnce(&mut Section<'_, '_>) -> Option<T>,
) -> Result<(T, Effective), Faults> {
    let mut faults = Faults::of(file);
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(fault) => {
            let message = format!("cannot be read: {fault}; name another file with --config");
            faults.add(Place::File, "", message);
            return Err(faults);
        }
    };
    let (root, errors) = DeTable::parse_recoverable(&text);
    for error in errors {
        let place = error.span().map_or(Place::File, |span| Place::Line(line::of(&text, span.start)));
        faults.add(place, "", error.message().replace('\n', "; "));
    }
    // What is guessed behind a fault of the syntax would only make more of them.
    if !faults.is_empty() {
        return Err(faults);
    }
    let folder = file.parent().map(Path::to_owned).unwrap_or_default();
    let effective = Effective::of(file);
    let mut reader = Reader { text: &text, variable, folder, faults, effective };
    let read = Section::document(&mut reader, root.get_ref(), document);
    let Reader { faults, effective, .. } = reader;
    match read {
        Some(read) if faults.is_empty() => Ok((read, effective)),
        _ => Err(faults),
    }
}

impl Reader<'_> {
    fn note(&mut self, place: Place, key: &str, message: impl Into<String>) {
        self.faults.add(place, key, message.into());
    }

    /// A variable that is set and not empty.
    fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }
}
