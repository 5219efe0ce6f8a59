//! What of a later version's manifest version 1 has a place for.

use super::import::Names;
use super::read::At;
use crate::secret::looks_secret;
use crate::text::is_unseen;
use serde_json::{Map, Value, json};

/// Where something is in a later version, and where in version 1.
const PLACES: [(&str, &str); 21] = [
    ("defaultLocale", "defaultLocale"),
    ("locales", "locales"),
    ("icon", "icon"),
    ("requirements", "requirements"),
    ("communication.supportUrl", "communication.supportUrl"),
    ("communication.guideUrl", "communication.guideUrl"),
    ("legal.gdprRequestUrl", "legal.gdprRequestUrl"),
    ("legal.gdprDeleteUrl", "legal.gdprDeleteUrl"),
    ("legal.privacyUrl", "legal.privacyUrl"),
    ("legal.termsOfUseUrl", "legal.termsOfUseUrl"),
    ("lifecycle.configurationUrl", "lifecycle.setupUrl"),
    ("lifecycle.connectUrl", "lifecycle.connectUrl"),
    ("lifecycle.disconnectUrl", "lifecycle.disconnectUrl"),
    ("capabilities.hub.appLauncher.redirectUrl", "capabilities.hub.appLauncher.redirectUrl"),
    ("capabilities.hub.appLauncher.closedPreviewUrl", "capabilities.hub.appLauncher.closedPreviewUrl"),
    ("capabilities.erp.headless", "capabilities.erp.headless"),
    ("capabilities.erp.menuItems", "capabilities.erp.menuItems"),
    ("capabilities.erp.pane", "capabilities.erp.pane"),
    ("capabilities.erp.api.scopes", "capabilities.erp.api.scopes"),
    // These two are read in several spellings.
    ("name", "name"),
    ("description", "description"),
];
/// So many places that were left out are told.
const MOST_LEFT_OUT: usize = 100;
const MOST_PATH: usize = 200;

/// A manifest of version 1 in the making.
#[derive(Default)]
pub(super) struct Taken {
    manifest: Map<String, Value>,
    places: Places,
    left_out: Vec<String>,
    /// In which language a section speaks first.
    locale: Option<String>,
}

/// Where each part of the manifest was.
#[derive(Default)]
pub(super) struct Places(Vec<(String, String)>);

impl Places {
    /// The place in the original of one in version 1: below what was taken over, or else the same in `section`.
    pub(super) fn original(&self, path: &str, section: &str) -> String {
        for (ours, theirs) in &self.0 {
            match path.strip_prefix(ours.as_str()) {
                Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => {
                    return format!("{theirs}{rest}");
                }
                _ => {}
            }
        }
        below(section, path)
    }
}

impl Taken {
    /// Takes over what has a place, apart from what is the section's `own`.
    pub(super) fn section(&mut self, at: &mut At, own: &[&str]) {
        at.has_no_client_id();
        self.locale = at.at("defaultLocale").value.and_then(Value::as_str).map(str::to_owned);
        self.members(at, "", own);
    }

    /// Leaves out every member but these.
    pub(super) fn leave_others(&mut self, at: &At, known: &[&str]) {
        for name in at.value.and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            if !known.contains(&name.as_str()) {
                self.leave(&below(&at.path, name));
            }
        }
    }

    fn members(&mut self, at: &mut At, place: &str, own: &[&str]) {
        let members = match at.value {
            Some(Value::Object(members)) => members,
            Some(_) => return at.fault("must be an object"),
            None => return,
        };
        for name in
            members.keys().map(String::as_str).filter(|name| *name != "clientId" && !own.contains(name))
        {
            self.take(&mut at.at(name), name, place);
        }
    }

    /// Takes over what is here, in a member of this name at this place.
    fn take(&mut self, at: &mut At, name: &str, place: &str) {
        let place = below(place, name);
        let known = PLACES.iter().find(|(theirs, _)| *theirs == place).filter(|_| is_word(name));
        let is_above = |(theirs, _): &(&str, &str)| {
            is_word(name) && theirs.strip_prefix(place.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        match known {
            Some((_, ours @ ("name" | "description"))) => self.texts(at, ours, true),
            Some((_, ours)) => self.put(ours, at),
            None if PLACES.iter().any(is_above) => self.members(at, &place, &[]),
            None if at.value.is_some() => self.leave(&at.path),
            None => {}
        }
    }

    /// A text, or a short and a full one; and that by language, unless it is one already.
    fn texts(&mut self, at: &mut At, ours: &str, may_be_many: bool) {
        let short = format!("{ours}.short");
        match at.value {
            Some(Value::String(_)) => self.put(&short, at),
            Some(Value::Object(texts)) if texts.contains_key("short") || texts.contains_key("full") => {
                self.leave_others(at, &["short", "full"]);
                self.put(&short, &at.at("short"));
                self.put(&format!("{ours}.full"), &at.at("full"));
                // What people call an app is needed; what it does in a sentence is not.
                if ours == "name" && at.at("short").value.is_none() {
                    self.put(&short, &at.at("full"));
                }
            }
            Some(Value::Object(languages)) if may_be_many => {
                let first = || languages.keys().find(|language| is_word(language));
                let said = self.locale.as_ref().filter(|said| languages.contains_key(*said) && is_word(said));
                let Some(language) = said.or_else(first).cloned() else { return self.leave(&at.path) };
                self.leave_others(at, &[language.as_str()]);
                self.texts(&mut at.at(&language), ours, false);
            }
            Some(_) => at.fault("must be a text, or a `short` and a `full` one"),
            None => {}
        }
    }

    /// Puts what is here into its place, where nothing is yet.
    fn put(&mut self, ours: &str, at: &At) {
        let Some(value) = at.value else { return };
        if self.places.0.iter().any(|(taken, _)| taken == ours) {
            return self.leave(&at.path);
        }
        self.places.0.push((ours.into(), at.path.clone()));
        insert(&mut self.manifest, ours, value.clone());
    }

    /// What was left out is told in its own words, unless they would deceive whoever reads them.
    fn leave(&mut self, path: &str) {
        if self.left_out.len() == MOST_LEFT_OUT {
            return;
        }
        let is_told = !path.split('.').any(looks_secret);
        let path: String = if is_told { path.chars().take(MOST_PATH).collect() } else { "…".into() };
        self.left_out.push(path.chars().map(|c| if is_unseen(c) { '\u{fffd}' } else { c }).collect());
    }

    /// The manifest of version 1, where its parts were, and what is not in it. An app without a name is called as machines
    /// call it.
    pub(super) fn finish(mut self, names: &Names) -> (Value, Places, Vec<String>) {
        let or =
            |text: &str, otherwise: &str| if text.is_empty() { otherwise.into() } else { Value::from(text) };
        // What is wrong with these two was said.
        insert(&mut self.manifest, "version", or(&names.version, "0.0.0"));
        insert(&mut self.manifest, "manifestVersion", "1".into());
        if !self.places.0.iter().any(|(taken, _)| taken == "name.short") {
            insert(&mut self.manifest, "name.short", or(&names.technical, "app"));
        }
        (Value::Object(self.manifest), self.places, self.left_out)
    }
}

/// Whether a name is a plain word, which cannot be taken for a place further down.
fn is_word(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 50
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn below(place: &str, name: &str) -> String {
    if place.is_empty() { name.into() } else { format!("{place}.{name}") }
}

fn insert(members: &mut Map<String, Value>, place: &str, value: Value) {
    let Some((first, rest)) = place.split_once('.') else {
        members.insert(place.into(), value);
        return;
    };
    if let Value::Object(below) = members.entry(first).or_insert_with(|| json!({})) {
        insert(below, rest, value);
    }
}
