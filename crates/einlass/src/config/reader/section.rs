//! A table of the document, and the variables that stand above it.

use super::effective::{Block, Entry, quoted};
use super::setting::{Setting, Written};
use super::{Place, Reader, line, suggestion};
use std::fs::File;
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

    /// Tables of which there may be several. What is wrong is left out.
    pub(in crate::config) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Section<'_, 't>) -> Option<T>,
    ) -> Vec<T> {
        let name = self.full(key);
        let header = format!("[[{name}]]");
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            self.fault(key, format!("there may be several; begin each with {header}"));
            return Vec::new();
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
        found
    }

    /// A value that there may be.
    pub(in crate::config) fn optional<T: Setting>(&mut self, key: &'static str) -> Option<T> {
        let said = self.said(key, T::WRITTEN)?;
        self.parse(key, said)
    }

    /// A value that has a default.
    pub(in crate::config) fn or<T: Setting>(
        &mut self,
        key: &'static str,
        default: &'static str,
    ) -> Option<T> {
        if self.has(key) {
            return self.optional(key);
        }
        self.parse(key, Said { text: default.into(), place: Place::Default })
    }

    /// A value that has a default and bounds.
    pub(in crate::config) fn within<T: Setting + PartialOrd>(
        &mut self,
        key: &'static str,
        default: &'static str,
        [least, most]: [&'static str; 2],
    ) -> Option<T> {
        let value: T = self.or(key, default)?;
        let too_little = T::parse(least).is_ok_and(|least| value < least);
        let too_much = T::parse(most).is_ok_and(|most| value > most);
        if too_little || too_much {
            self.fault(key, format!("must be from {least} to {most}"));
            return None;
        }
        Some(value)
    }

    /// A value that must be there; `remedy` says what to do if it is not.
    pub(in crate::config) fn required<T: Setting>(&mut self, key: &'static str, remedy: &str) -> Option<T> {
        if !self.has(key) {
            self.missing(key, remedy);
            return None;
        }
        self.optional(key)
    }

    /// Several values. `None` too where one of them is wrong.
    pub(in crate::config) fn list<T: Setting>(&mut self, key: &'static str) -> Option<Vec<T>> {
        let (texts, read) = self.elements(key, T::WRITTEN, |_, text| T::parse(text))?;
        let shown: Vec<_> = texts.iter().map(|text| T::WRITTEN.as_toml(text)).collect();
        self.show(key, format!("[{}]", shown.join(", ")), self.place_of(key));
        Some(read)
    }

    /// A file that can be read; its path is relative to the document's folder.
    pub(in crate::config) fn file(&mut self, key: &'static str) -> Option<PathBuf> {
        let said = self.said(key, Written::Text)?;
        match self.readable(&said.text) {
            Ok(path) => {
                self.show(key, quoted(&path.display().to_string()), said.place);
                Some(path)
            }
            Err(message) => {
                self.fault(key, message);
                None
            }
        }
    }

    /// A file that must be there; `remedy` says what to do if no key names one.
    pub(in crate::config) fn required_file(&mut self, key: &'static str, remedy: &str) -> Option<PathBuf> {
        if !self.has(key) {
            self.missing(key, remedy);
            return None;
        }
        self.file(key)
    }

    /// Takes note of what holds in place of a list that is not there; `value` is TOML.
    pub(in crate::config) fn assume(&mut self, key: &'static str, value: &str) {
        self.show(key, value.into(), Place::Default);
    }

    /// Several files that can be read. `None` too where one of them cannot.
    pub(in crate::config) fn files(&mut self, key: &'static str) -> Option<Vec<PathBuf>> {
        let (_, paths) = self.elements(key, Written::Text, Self::readable)?;
        let shown: Vec<_> = paths.iter().map(|path: &PathBuf| quoted(&path.display().to_string())).collect();
        self.show(key, format!("[{}]", shown.join(", ")), self.place_of(key));
        Some(paths)
    }

    /// The elements of an array: as they are written, and as they are read.
    fn elements<T>(
        &mut self,
        key: &'static str,
        written: Written,
        read: impl Fn(&Self, &str) -> Result<T, String>,
    ) -> Option<(Vec<String>, Vec<T>)> {
        let DeValue::Array(array) = self.value(key)?.get_ref() else {
            self.fault(key, "must be a list; write it in [ ]");
            return None;
        };
        let (mut texts, mut values) = (Vec::new(), Vec::new());
        for element in array {
            let text = written.text(element.get_ref());
            match text.and_then(|text| Ok((read(self, &text)?, text))) {
                Ok((value, text)) => {
                    texts.push(text);
                    values.push(value);
                }
                Err(message) => {
                    let (place, key) = (self.line(element.span().start), self.full(key));
                    self.reader.note(place, &key, message);
                }
            }
        }
        (values.len() == array.len()).then_some((texts, values))
    }

    /// A path as it is meant, if the file there can be read.
    fn readable(&self, text: &str) -> Result<PathBuf, String> {
        let path = self.resolve(text);
        let is_folder = File::open(&path).and_then(|file| file.metadata()).map(|found| found.is_dir());
        match is_folder {
            _ if text.is_empty() => Err("must name a file".into()),
            Err(fault) => Err(format!("{} cannot be read: {fault}", path.display())),
            Ok(true) => Err(format!("{} is a folder; name a file", path.display())),
            Ok(false) => Ok(path),
        }
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

    fn parse<T: Setting>(&mut self, key: &'static str, said: Said) -> Option<T> {
        match T::parse(&said.text) {
            Ok(value) => {
                self.show(key, T::WRITTEN.as_toml(&said.text), said.place);
                Some(value)
            }
            Err(message) => {
                self.fault_at(said.place, key, message);
                None
            }
        }
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

    fn line(&self, offset: usize) -> Place {
        Place::Line(line::of(self.reader.text, offset))
    }

    fn full(&self, key: &str) -> String {
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
