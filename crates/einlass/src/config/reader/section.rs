//! A table of the document, and the variables that stand above it.

use super::effective::{Block, Entry};
use super::setting::Written;
use super::{Place, Reader, line, suggestion};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table while it is read. Each key that is asked for is known from then on; what was never asked for is a fault.
///
/// What is wrong is noted and the value is missing then: read everything first, and leave early only after that, so
/// that all faults are found at once.
pub(in crate::config) struct Section<'r, 't> {
    pub(super) reader: &'r mut Reader<'t>,
    /// `listener.tls`; empty for the document itself.
    name: String,
    /// `None`: the document does not have it.
    table: Option<&'t DeTable<'t>>,
    /// Where it begins.
    place: Place,
    /// What the names of its variables begin with; none for what there may be several of.
    variables: Option<String>,
    known: Vec<String>,
    block: usize,
}

/// A value as it was said.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) place: Place,
}

impl<'t> Section<'_, 't> {
    pub(super) fn document<T>(
        reader: &mut Reader<'t>,
        table: &'t DeTable<'t>,
        read: impl FnOnce(&mut Section<'_, 't>) -> T,
    ) -> T {
        let variables = Some("EINLASS_".into());
        Section::open(reader, "", Some(table), Place::File, variables, "").read(read)
    }

    fn open<'r>(
        reader: &'r mut Reader<'t>,
        name: &str,
        table: Option<&'t DeTable<'t>>,
        place: Place,
        variables: Option<String>,
        header: &str,
    ) -> Section<'r, 't> {
        let block = reader.effective.blocks.len();
        reader.effective.blocks.push(Block { header: header.into(), entries: Vec::new() });
        Section { reader, name: name.into(), table, place, variables, known: Vec::new(), block }
    }

    fn read<T>(mut self, read: impl FnOnce(&mut Section<'_, 't>) -> T) -> T {
        let value = read(&mut self);
        self.refuse_unknown();
        let heeded: Vec<String> = self.known.iter().filter_map(|key| self.variable_name(key)).collect();
        self.reader.effective.variables.extend(heeded);
        value
    }

    /// A table that is read whether or not it is there: what is in it has defaults or can be a variable.
    pub(in crate::config) fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Section<'_, 't>) -> T,
    ) -> T {
        let place = self.place_of(key);
        let name = self.full(key);
        let table = match self.value(key).map(Spanned::get_ref) {
            Some(DeValue::Table(table)) => Some(table),
            Some(_) => {
                self.fault(key, format!("must be a table; begin it with [{name}]"));
                None
            }
            None => None,
        };
        let variables = self.variables.as_ref().map(|start| format!("{start}{}_", key.to_uppercase()));
        let header = format!("[{name}]");
        Section::open(self.reader, &name, table, place, variables, &header).read(read)
    }

    /// Tables of which there may be several, or none. `None` where one of them is wrong.
    pub(in crate::config) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Section<'_, 't>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let name = self.full(key);
        let header = format!("[[{name}]]");
        let Some(value) = self.value(key) else { return Some(Vec::new()) };
        let DeValue::Array(array) = value.get_ref() else {
            self.fault(key, format!("there may be several; begin each with {header}"));
            return None;
        };
        let mut found = Vec::new();
        for element in array {
            let place = self.line(element.span().start);
            let DeValue::Table(table) = element.get_ref() else {
                self.reader.note(place, &name, format!("must be a table; begin it with {header}"));
                continue;
            };
            let section = Section::open(self.reader, &name, Some(table), place, None, &header);
            found.extend(section.read(&mut read));
        }
        (found.len() == array.len()).then_some(found)
    }

    /// Where a path leads that is relative to the document's folder.
    pub(in crate::config) fn resolve(&self, path: impl AsRef<Path>) -> PathBuf {
        self.reader.folder.join(path)
    }

    /// Whether there is such a key, in whichever place.
    pub(in crate::config) fn has(&mut self, key: &str) -> bool {
        self.value(key).is_some() || self.variable(key).is_some()
    }

    /// Notes that something is wrong with what a key says.
    pub(in crate::config) fn fault(&mut self, key: &str, message: impl Into<String>) {
        let place = self.place_of(key);
        self.fault_at(place, key, message);
    }

    /// Notes that something is wrong with a key because of what stands elsewhere.
    pub(in crate::config) fn fault_at(&mut self, place: Place, key: &str, message: impl Into<String>) {
        let key = self.full(key);
        self.reader.note(place, &key, message);
    }

    /// Notes that a key is missing.
    pub(in crate::config) fn missing(&mut self, key: &str, remedy: &str) {
        self.fault(key, format!("missing; {remedy}"));
    }

    /// Remarks on a file with a secret that everybody on this machine may read.
    pub(in crate::config) fn keep_private(&mut self, key: &str, file: &Path) {
        // What cannot be looked at was complained of where it was read.
        let is_open = file.metadata().is_ok_and(|found| found.permissions().mode() & 0o004 != 0);
        if is_open {
            let (place, key) = (self.place_of(key), self.full(key));
            let message = format!("everybody on this machine may read {0}; chmod o= {0}", file.display());
            self.reader.effective.remark(&place, &key, &message);
        }
    }

    /// A place in words: `einlass.toml:7`, or the name of a variable.
    pub(in crate::config) fn in_words(&self, place: &Place) -> String {
        self.reader.effective.in_words(place)
    }

    /// What a variable says, or else the document.
    pub(super) fn said(&mut self, key: &str, written: Written) -> Option<Said> {
        let value = self.value(key);
        if let Some(said) = self.variable(key) {
            return Some(said);
        }
        match written.text(value?.get_ref()) {
            Ok(text) => Some(Said { text, place: self.place_of(key) }),
            Err(message) => {
                self.fault(key, message);
                None
            }
        }
    }

    /// What the document says.
    pub(super) fn value(&mut self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        if !self.known.iter().any(|known| known == key) {
            self.known.push(key.into());
        }
        self.table?.get(key)
    }

    /// What the environment says.
    pub(super) fn variable(&self, key: &str) -> Option<Said> {
        let name = self.variable_name(key)?;
        self.reader.variable(&name).map(|text| Said { text, place: Place::Variable(name) })
    }

    pub(super) fn variable_name(&self, key: &str) -> Option<String> {
        self.variables.as_ref().map(|start| format!("{start}{}", key.to_uppercase()))
    }

    pub(super) fn show(&mut self, key: &str, value: String, place: Place) {
        self.reader.effective.blocks[self.block].entries.push(Entry { key: key.into(), value, place });
    }

    /// Where a key gets its value, or where its section begins.
    pub(super) fn place_of(&self, key: &str) -> Place {
        if let Some(said) = self.variable(key) {
            return said.place;
        }
        self.line_of(key).unwrap_or_else(|| self.place.clone())
    }

    /// The line in which the document has a key.
    pub(super) fn line_of(&self, key: &str) -> Option<Place> {
        let (key, _) = self.table?.get_key_value(key)?;
        Some(self.line(key.span().start))
    }

    pub(super) fn line(&self, offset: usize) -> Place {
        Place::Line(line::of(self.reader.text, offset))
    }

    pub(super) fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.into() } else { format!("{}.{key}", self.name) }
    }

    fn refuse_unknown(&mut self) {
        for key in self.table.into_iter().flat_map(DeTable::keys) {
            if self.known.iter().any(|known| known == key.get_ref()) {
                continue;
            }
            let nearest = suggestion::nearest(key.get_ref(), self.known.iter().map(String::as_str));
            let remedy = match nearest {
                Some(nearest) => format!("did you mean {nearest}?"),
                None => format!("known here are {}", self.known.join(", ")),
            };
            let (place, key) = (self.line(key.span().start), self.full(key.get_ref()));
            self.reader.note(place, &key, format!("unknown; {remedy}"));
        }
    }
}
