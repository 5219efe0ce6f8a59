//! Secrets: each in a file that the key's twin `…_file` names, or in the environment. A configuration gets committed,
//! so there is none in it.

use super::Place;
use super::effective::quoted;
use super::section::{Said, Section};
use super::setting::Written;
use einlass_protocol::secret::Secret;

/// A secret and where it comes from.
pub(in crate::config) struct Confided {
    pub(in crate::config) secret: Secret,
    /// The key that it is said with, or its twin.
    key: String,
    place: Place,
}

impl Confided {
    /// Where it comes from.
    pub(in crate::config) fn place(&self) -> &Place {
        &self.place
    }
}

impl Section<'_, '_> {
    /// A secret that there may be. `open` says of which texts anybody may know: those may stand in the document.
    pub(in crate::config) fn secret(
        &mut self,
        key: &'static str,
        open: fn(&str) -> bool,
    ) -> Option<Confided> {
        let twin = format!("{key}_file");
        let (of_document, twin_of_document) = (self.openly_said(key, open), self.value(&twin).is_some());
        if self.value(key).is_some() && twin_of_document {
            let place = self.line_of(&twin).unwrap_or(Place::File);
            self.fault_at(place, &twin, format!("{key} is there too; keep one of them"));
            return None;
        }
        let (variable, twin_variable) = (self.variable(key), self.variable(&twin));
        match (variable, twin_variable) {
            (Some(said), Some(_)) => {
                let name = self.variable_name(&twin).unwrap_or_default();
                self.fault_at(said.place, key, format!("{name} is set too; unset one of them"));
                None
            }
            (Some(said), None) => Some(self.confide(key, said, open)),
            (None, Some(said)) => self.confide_file(&twin, said),
            (None, None) if twin_of_document => {
                let said = self.said(&twin, Written::Text)?;
                self.confide_file(&twin, said)
            }
            (None, None) => of_document.map(|said| self.confide(key, said, open)),
        }
    }

    /// A secret that has a default which anybody may know.
    pub(in crate::config) fn secret_or(
        &mut self,
        key: &'static str,
        default: &'static str,
        open: fn(&str) -> bool,
    ) -> Option<Confided> {
        let is_there = self.has(key);
        if is_there || self.has(&format!("{key}_file")) {
            return self.secret(key, open);
        }
        Some(self.confide(key, Said { text: default.into(), place: Place::Default }, open))
    }

    /// Notes that something is wrong with a secret. The message must not repeat it.
    pub(in crate::config) fn fault_of(&mut self, confided: Confided, message: impl Into<String>) {
        self.fault_at(confided.place, &confided.key, message);
    }

    /// Refuses a secret that stands in the document in place of the file that `key` with `_file` names.
    pub(in crate::config) fn refuse_secret(&mut self, key: &'static str) {
        let never = |_: &str| false;
        self.openly_said(key, never);
    }

    /// What the document says, if it may.
    fn openly_said(&mut self, key: &str, open: fn(&str) -> bool) -> Option<Said> {
        let text = Written::Text.text(self.value(key)?.get_ref());
        let place = self.line_of(key).unwrap_or(Place::File);
        match text {
            Ok(text) if open(&text) => Some(Said { text, place }),
            Ok(_) => {
                let variable =
                    self.variable_name(key).map(|name| format!(", or set {name}")).unwrap_or_default();
                let remedy = format!("put it into a file and name that in {key}_file{variable}");
                self.fault_at(place, key, format!("a secret does not belong in this file; {remedy}"));
                None
            }
            Err(message) => {
                self.fault_at(place, key, message);
                None
            }
        }
    }

    fn confide(&mut self, key: &str, said: Said, open: fn(&str) -> bool) -> Confided {
        let Said { text, place } = said;
        let shown = if open(&text) { quoted(&text) } else { quoted("(set)") };
        self.show(key, shown, place.clone());
        Confided { secret: Secret::new(text), key: key.into(), place }
    }

    fn confide_file(&mut self, twin: &str, said: Said) -> Option<Confided> {
        let Said { text, place } = said;
        let path = self.resolve(&text);
        let shown = path.display().to_string();
        let content = match std::fs::read_to_string(&path) {
            Ok(content) => Secret::new(content),
            Err(fault) => {
                self.fault_at(place, twin, format!("{shown} cannot be read: {fault}"));
                return None;
            }
        };
        let secret = Secret::new(content.expose().trim().into());
        if secret.expose().is_empty() {
            self.fault_at(place, twin, format!("{shown} is empty"));
            return None;
        }
        self.keep_private(twin, &path);
        self.show(twin, quoted(&shown), place.clone());
        Some(Confided { secret, key: twin.into(), place })
    }
}
