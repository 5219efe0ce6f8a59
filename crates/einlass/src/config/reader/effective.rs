//! A configuration as it holds, and where each value comes from.

use super::Place;
use std::fmt::Write as _;
use std::path::Path;

/// A configuration as it holds: what was said and what was not. Secrets are not in it.
#[derive(Debug)]
pub(crate) struct Effective {
    file: String,
    pub(super) blocks: Vec<Block>,
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
        Self { file: file.display().to_string(), blocks: Vec::new() }
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

    fn in_words(&self, place: &Place) -> String {
        match place {
            Place::Default => "default".into(),
            Place::File => self.file.clone(),
            Place::Line(line) => format!("{}:{line}", self.file),
            Place::Variable(name) => name.clone(),
        }
    }
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
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
