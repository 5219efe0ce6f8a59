//! Reading a manifest: every fault is noted with its place, and the reader goes on.

use super::{Manifest, MenuItem, Pane, WebUrl};
use crate::scope::{Scope, ScopeSet};
use crate::secret::looks_secret;
use crate::text::is_unseen;
use serde_json::{Map, Value};
use std::fmt;

/// Longer manifests are refused before they are read.
pub(super) const MOST_BYTES: usize = 256 * 1024;
pub(super) const MOST_CHARACTERS: usize = 200;
const MOST_TEXT: usize = 10_000;
/// How many pages an app may have of each kind, at how many places, and how many scopes.
const MOST_PAGES: usize = 20;
const MOST_ORIGINS: usize = 8;
const MOST_SCOPES: usize = 1_000;

/// What is wrong at one place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// Where: `capabilities.erp.menuItems[0].url`.
    pub path: String,
    /// What, in a few words.
    pub message: String,
}

/// Why a text is no manifest: all that is wrong with it, at least one thing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct ManifestRejected(pub Vec<Fault>);

impl ManifestRejected {
    /// For what is wrong with all of it.
    pub(super) fn whole(message: &str) -> Self {
        Self(vec![Fault { path: "manifest".into(), message: message.into() }])
    }
}

impl fmt::Display for ManifestRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Fault { path, message }) in self.0.iter().enumerate() {
            let between = if number == 0 { "" } else { "; " };
            write!(f, "{between}{path}: {message}")?;
        }
        Ok(())
    }
}

pub(super) fn manifest(text: &str) -> Result<Manifest, ManifestRejected> {
    let mut faults = Vec::new();
    let manifest = read(&mut At::root(&object(text)?, &mut faults));
    if faults.is_empty() { Ok(manifest) } else { Err(ManifestRejected(faults)) }
}

/// What a text says, if that is an object and not too long.
pub(super) fn object(text: &str) -> Result<Value, ManifestRejected> {
    if text.len() > MOST_BYTES {
        return Err(ManifestRejected::whole("longer than 256 KiB"));
    }
    let value: Value =
        serde_json::from_str(text).map_err(|fault| ManifestRejected::whole(&format!("no JSON: {fault}")))?;
    if value.is_object() { Ok(value) } else { Err(ManifestRejected::whole("must be an object")) }
}

pub(super) fn read(root: &mut At) -> Manifest {
    root.has_no_client_id();
    let manifest = Manifest {
        name: root.at("name").at("short").needed(),
        version: root.at("version").needed(),
        summary: root.at("description").at("short").text(MOST_TEXT).unwrap_or_default(),
        description: root.at("description").at("full").text(MOST_TEXT).unwrap_or_default(),
        support: root.at("communication").at("supportUrl").url(),
        privacy: root.at("legal").at("privacyUrl").url(),
        terms: root.at("legal").at("termsOfUseUrl").url(),
        setup: root.at("lifecycle").at("setupUrl").url(),
        launcher: root.at("capabilities").at("hub").at("appLauncher").at("redirectUrl").url(),
        menu: root.at("capabilities").at("erp").at("menuItems").each(MOST_PAGES, menu_item),
        panes: root.at("capabilities").at("erp").at("pane").each(MOST_PAGES, pane),
        scopes: scopes(&mut root.at("capabilities").at("erp").at("api").at("scopes")),
    };
    for (number, item) in manifest.menu.iter().enumerate() {
        if manifest.menu[..number].iter().any(|other| other.id == item.id) {
            let path = format!("capabilities.erp.menuItems[{number}].id");
            root.faults.push(Fault { path, message: "another menu item has it".into() });
        }
    }
    if manifest.framed().len() > MOST_ORIGINS {
        let message = format!("has pages at more than {MOST_ORIGINS} origins");
        root.faults.push(Fault { path: "capabilities".into(), message });
    }
    manifest
}

fn menu_item(at: &mut At) -> Option<MenuItem> {
    let id = at.at("id").needed();
    at.at("id").plain(&id);
    let (name, url) = (at.at("name").needed(), at.at("url").needed_url());
    Some(MenuItem { id, name, url: url? })
}

fn pane(at: &mut At) -> Option<Pane> {
    let (title, context) = (at.at("title").needed(), at.at("context").needed());
    at.at("context").plain(&context);
    Some(Pane { title, context, url: at.at("url").needed_url()? })
}

fn scopes(at: &mut At) -> ScopeSet {
    let scope = |at: &mut At| -> Option<Scope> {
        let text = at.text(MOST_CHARACTERS)?;
        let scope = text.parse().ok();
        if scope.is_none() {
            at.fault("is no scope, as items.read");
        }
        scope
    };
    at.each(MOST_SCOPES, scope).into_iter().collect()
}

/// A place in the manifest, and what is there.
pub(super) struct At<'v, 'f> {
    pub(super) path: String,
    pub(super) value: Option<&'v Value>,
    faults: &'f mut Vec<Fault>,
}

impl<'v, 'f> At<'v, 'f> {
    /// The manifest itself.
    pub(super) fn root(value: &'v Value, faults: &'f mut Vec<Fault>) -> Self {
        Self { path: String::new(), value: Some(value), faults }
    }
}

impl<'v> At<'v, '_> {
    /// The place of this name below. What is not there has nothing below.
    pub(super) fn at(&mut self, name: &str) -> At<'v, '_> {
        let path = if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) };
        let value = match self.value {
            Some(Value::Object(members)) => member(members, name),
            None => None,
            Some(_) => {
                self.fault("must be an object");
                None
            }
        };
        At { path, value, faults: self.faults }
    }

    /// What is read of each element of a list here.
    pub(super) fn each<T>(&mut self, most: usize, read: impl Fn(&mut At) -> Option<T>) -> Vec<T> {
        let elements = match self.value {
            Some(Value::Array(elements)) if elements.len() <= most => elements,
            Some(Value::Array(_)) => return self.nothing(&format!("has more than {most} elements")),
            Some(_) => return self.nothing("must be a list"),
            None => return Vec::new(),
        };
        let read_one = |(number, value)| {
            read(&mut At {
                path: format!("{}[{number}]", self.path),
                value: Some(value),
                faults: self.faults,
            })
        };
        elements.iter().enumerate().filter_map(read_one).collect()
    }

    /// A text of at most so many characters.
    pub(super) fn text(&mut self, most: usize) -> Option<String> {
        match self.value? {
            Value::String(text) if text.chars().any(|c| is_unseen(c) && c != '\n') => {
                self.fault("has invisible or control characters");
            }
            Value::String(text) if looks_secret(text) => self.fault("is a secret"),
            Value::String(text) if text.chars().count() <= most => return Some(text.trim().into()),
            Value::String(_) => self.fault(&format!("is longer than {most} characters")),
            _ => self.fault("must be a text"),
        }
        None
    }

    /// A short text that must be there.
    fn needed(&mut self) -> String {
        self.line(MOST_CHARACTERS)
    }

    /// A line of at most so many characters that must be there.
    pub(super) fn line(&mut self, most: usize) -> String {
        if self.value.is_none() {
            self.fault("is missing");
            return String::new();
        }
        let text = self.text(most);
        match text.as_deref() {
            Some("") => self.fault("is empty"),
            Some(text) if text.contains('\n') => self.fault("must be one line"),
            _ => {}
        }
        text.unwrap_or_default()
    }

    /// A part of an address of ours, which leads nowhere else.
    fn plain(&mut self, text: &str) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if !text.is_empty() && (!text.chars().all(is_plain) || text.chars().all(|c| c == '.')) {
            self.fault("must be letters, digits, hyphens, dots and underscores");
        }
    }

    /// Nobody registers an app under an id of another.
    pub(super) fn has_no_client_id(&mut self) {
        if self.value.is_some_and(|value| value.get("clientId").is_some()) {
            self.at("clientId").fault("is issued, and never in a manifest");
        }
    }

    /// An address; an empty text is none.
    fn url(&mut self) -> Option<WebUrl> {
        let text = self.text(MOST_TEXT)?;
        if text.is_empty() { None } else { self.parsed(&text) }
    }

    fn needed_url(&mut self) -> Option<WebUrl> {
        if self.value.is_none() {
            self.fault("is missing");
        }
        let text = self.text(MOST_TEXT)?;
        self.parsed(&text)
    }

    pub(super) fn parsed(&mut self, text: &str) -> Option<WebUrl> {
        text.parse().map_err(|why: super::InvalidWebUrl| self.fault(&why.to_string())).ok()
    }

    fn nothing<T>(&mut self, message: &str) -> Vec<T> {
        self.fault(message);
        Vec::new()
    }

    pub(super) fn fault(&mut self, message: &str) {
        // Said once, however often the place is asked.
        let fault = Fault { path: self.path.clone(), message: message.into() };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// A member, unless it is `null`.
fn member<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    members.get(name).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn whole() -> Value {
        json!({
            "manifestVersion": "1", "version": "1.2.3",
            "name": {"short": "Parcels", "full": "Parcels for everybody"},
            "description": {"short": "Prints labels."},
            "communication": {"supportUrl": "https://parcels.example/help", "guideUrl": ""},
            "legal": {"privacyUrl": "https://parcels.example/privacy"},
            "lifecycle": {"setupUrl": "https://parcels.example/setup"},
            "capabilities": {
                "hub": {"appLauncher": {"redirectUrl": "https://parcels.example/"}},
                "erp": {
                    "menuItems": [{"id": "labels", "name": "Labels", "url": "https://erp.parcels.example/labels"}],
                    "pane": [{"title": "Parcels", "context": "customers", "url": "https://parcels.example/pane"}],
                    "api": {"scopes": ["items.read", "Items.Write"]}
                }
            }
        })
    }

    #[test]
    fn a_whole_manifest_is_read() {
        let manifest = Manifest::read(&whole().to_string()).unwrap();
        assert_eq!((&*manifest.name, &*manifest.version), ("Parcels", "1.2.3"));
        assert_eq!(manifest.scopes.to_string(), "items.read items.write");
        assert_eq!(manifest.menu[0].id, "labels");
        assert_eq!(manifest.panes[0].context, "customers");
        let framed: Vec<_> = manifest.framed().into_iter().collect();
        assert_eq!(framed, ["https://erp.parcels.example", "https://parcels.example"]);
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let manifest = json!({
            "clientId": "x",
            "name": {"short": ""},
            "lifecycle": {"setupUrl": "http://parcels.example/"},
            "legal": 7,
            "capabilities": {"erp": {
                "menuItems": [{"id": "a/b", "url": "https://a.example/"}, 7],
                "pane": {},
                "api": {"scopes": ["items.read", "a b", 7]}
            }}
        });
        let ManifestRejected(faults) = Manifest::read(&manifest.to_string()).unwrap_err();
        let paths: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "clientId",
                "name.short",
                "version",
                "legal",
                "lifecycle.setupUrl",
                "capabilities.erp.menuItems[0].id",
                "capabilities.erp.menuItems[0].name",
                "capabilities.erp.menuItems[1]",
                "capabilities.erp.menuItems[1].id",
                "capabilities.erp.menuItems[1].name",
                "capabilities.erp.menuItems[1].url",
                "capabilities.erp.pane",
                "capabilities.erp.api.scopes[1]",
                "capabilities.erp.api.scopes[2]",
            ]
        );
    }

    #[test]
    fn a_menu_item_has_an_id_of_its_own() {
        let mut manifest = whole();
        let items = manifest["capabilities"]["erp"]["menuItems"].as_array_mut().unwrap();
        items.push(items[0].clone());
        let ManifestRejected(faults) = Manifest::read(&manifest.to_string()).unwrap_err();
        assert_eq!(faults[0].path, "capabilities.erp.menuItems[1].id");
    }

    #[test]
    fn what_would_deceive_whoever_reads_it_is_refused() {
        let refused = |change: &dyn Fn(&mut Value)| {
            let mut manifest = whole();
            change(&mut manifest);
            Manifest::read(&manifest.to_string()).unwrap_err().0[0].path.clone()
        };
        for name in ["Stock\u{202e} rorriM", "Stock\u{200b}", "Stock\nMirror", "Stock\u{7}"] {
            assert_eq!(refused(&|it| it["name"]["short"] = json!(name)), "name.short", "{name:?}");
        }
        for context in ["../apps", "..", "a/b", "a b"] {
            let path = refused(&|it| it["capabilities"]["erp"]["pane"][0]["context"] = json!(context));
            assert_eq!(path, "capabilities.erp.pane[0].context", "{context}");
        }
        let pane = |n: usize| json!({"title": "P", "context": "c", "url": format!("https://p{n}.example/")});
        let panes = |count: usize| json!((0..count).map(pane).collect::<Vec<_>>());
        assert_eq!(refused(&|it| it["capabilities"]["erp"]["pane"] = panes(9)), "capabilities");
        assert_eq!(refused(&|it| it["capabilities"]["erp"]["pane"] = panes(21)), "capabilities.erp.pane");
    }

    #[test]
    fn what_is_no_manifest_at_all_says_so() {
        for text in ["", "[]", "7", "{"] {
            assert_eq!(Manifest::read(text).unwrap_err().0[0].path, "manifest", "{text}");
        }
    }
}
