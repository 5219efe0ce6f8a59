//! A configuration as it holds, where each value comes from, and what is odd about it.

use super::{Place, suggestion};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Variables that other commands read.
const OF_COMMANDS: [&str; 4] =
    ["EINLASS_URL", "EINLASS_ADMIN_URL", "EINLASS_ADMIN_TOKEN", "EINLASS_ADMIN_TOKEN_FILE"];

/// A configuration as it holds: what was said and what was not. Secrets are not in it.
#[derive(Debug)]
pub(crate) struct Effective {
    file: String,
    pub(super) blocks: Vec<Block>,
    /// The variables that would have been heeded.
    pub(super) variables: BTreeSet<String>,
    odd: Vec<String>,
}

/// A table.
#[derive(Debug)]
pub(super) struct Block {
    /// `[store]`; empty for the document itself.
    pub(super) header: String,
    pub(super) entries: Vec<Entry>,
}

/// A key that has a value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// As TOML.
    pub(super) value: String,
    pub(super) place: Place,
}

impl Effective {
    pub(super) fn of(file: &Path) -> Self {
        Self {
            file: file.display().to_string(),
            blocks: Vec::new(),
            variables: BTreeSet::new(),
            odd: Vec::new(),
        }
    }

    /// As TOML; with `origin` each line says where it comes from.
    pub(crate) fn to_toml(&self, origin: bool) -> String {
        let mut text = String::new();
        for block in self.blocks.iter().filter(|block| !block.entries.is_empty()) {
            if !block.header.is_empty() {
                // Writing to a string does not fail.
                let _ = writeln!(text, "\n{}", block.header);
            }
            for Entry { key, value, place } in &block.entries {
                let comment = if origin { format!("  # {}", self.in_words(place)) } else { String::new() };
                let _ = writeln!(text, "{key} = {value}{comment}");
            }
        }
        text
    }

    /// What is no fault and yet hardly meant, each in one line that begins with where it is. `set` are the names of the
    /// variables of the environment.
    pub(crate) fn remarks(&self, set: impl IntoIterator<Item = String>) -> Vec<String> {
        let unheeded = set.into_iter().filter(|name| self.is_unheeded(name)).map(|name| {
            let known = self.variables.iter().map(String::as_str);
            let guess = suggestion::nearest(&name, known).map(|known| format!("; did you mean {known}?"));
            format!("{name}: nothing heeds it{}", guess.unwrap_or_default())
        });
        let mut remarks = self.odd.clone();
        remarks.extend(unheeded);
        remarks
    }

    fn is_unheeded(&self, name: &str) -> bool {
        name.starts_with("EINLASS_") && !OF_COMMANDS.contains(&name) && !self.variables.contains(name)
    }

    pub(super) fn remark(&mut self, place: &Place, key: &str, message: &str) {
        let line = match place {
            Place::Variable(name) => format!("{name}: {message}"),
            place => format!("{}: {key}: {message}", self.in_words(place)),
        };
        self.odd.push(line);
    }

    pub(super) fn in_words(&self, place: &Place) -> String {
        match place {
            Place::Default => "default".into(),
            Place::File => self.file.clone(),
            Place::Line(line) => format!("{}:{line}", self.file),
            Place::Variable(name) => name.clone(),
        }
    }
}

/// A text as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if character.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
