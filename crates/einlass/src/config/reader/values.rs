//! What a section's keys say: one value, several, or files.

use super::Place;
use super::effective::quoted;
use super::section::{Said, Section};
use super::setting::{Setting, Written};
use std::fs::File;
use std::path::PathBuf;
use toml::de::DeValue;

impl Section<'_, '_> {
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
}
