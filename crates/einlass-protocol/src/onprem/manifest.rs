//! What an app says of itself when it registers.

use crate::scope::{Scope, ScopeSet};
use crate::secret::looks_secret;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The largest icon, as base64.
const MOST_ICON_BYTES: usize = 256 * 1024;
/// The longest text of another kind.
const MOST_TEXT_CHARACTERS: usize = 2_000;
/// How long an app's id may be.
const MOST_ID_BYTES: usize = 200;
/// How many scopes an app may ask for; version 1.2 has 275.
const MOST_SCOPES: usize = 400;

/// How many people and places share an app's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RegistrationType {
    /// One installation.
    OneInstance = 0,
    /// Several, each with a key of its own.
    MultiInstance = 1,
    /// One for each person.
    PerUserInstance = 2,
    /// One for each person, who signs in.
    PerUserLoginInstance = 3,
}

impl RegistrationType {
    /// The type of this number.
    #[must_use]
    pub const fn of(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::OneInstance),
            1 => Some(Self::MultiInstance),
            2 => Some(Self::PerUserInstance),
            3 => Some(Self::PerUserLoginInstance),
            _ => None,
        }
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }
}

/// What an app has signed with its private key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signed {
    /// The signature, in base64.
    pub signature: String,
    /// When, as it was signed.
    pub data: String,
}

/// What an app says of itself. Texts are as it sent them: whoever shows them says whose they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manifest {
    /// What it is called by machines, as `myApp/v1`.
    pub app_id: String,
    /// What people call it.
    pub display_name: String,
    /// What it does.
    pub description: String,
    /// Its version.
    pub version: String,
    /// Who makes it.
    pub provider_name: String,
    /// Where they are found.
    pub provider_website: String,
    /// A picture, in base64; empty where there is none.
    pub icon: String,
    /// What it cannot do without.
    pub mandatory: ScopeSet,
    /// What it would like beside that.
    pub optional: ScopeSet,
    /// Who shares its key.
    pub kind: RegistrationType,
    /// What it has signed, if it has.
    pub signed: Option<Signed>,
}

/// What is wrong with a manifest, field by field, as the ERP says it: the names as `/v1` has them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ManifestFault(pub BTreeMap<&'static str, Vec<String>>);

impl Manifest {
    /// Reads one, whatever the case of its names.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(body: &[u8]) -> Result<Self, ManifestFault> {
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return Err(ManifestFault([("Body", vec!["send a JSON object".to_owned()])].into()));
        };
        let fields = fields.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        let mut reader = Reader { fields, fault: ManifestFault::default() };
        let manifest = reader.manifest();
        if reader.fault.0.is_empty() { Ok(manifest) } else { Err(reader.fault) }
    }
}

struct Reader {
    fields: Map<String, Value>,
    fault: ManifestFault,
}

impl Reader {
    fn manifest(&mut self) -> Manifest {
        let mandatory = self.scopes("MandatoryApiScopes", true);
        let optional = self.scopes("OptionalApiScopes", false).difference(&mandatory);
        Manifest {
            app_id: self.app_id(),
            display_name: self.required("DisplayName"),
            description: self.required("Description"),
            version: self.required("Version"),
            provider_name: self.required("ProviderName"),
            provider_website: self.required("ProviderWebsite"),
            icon: self.text("AppIcon", MOST_ICON_BYTES).unwrap_or_default(),
            mandatory,
            optional,
            kind: self.kind(),
            signed: self.signed(),
        }
    }

    fn app_id(&mut self) -> String {
        let id = self.required("AppId");
        // Two that look alike must not be two apps.
        if id.len() > MOST_ID_BYTES || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.note("AppId", "send at most 200 visible ASCII characters, as myApp/v1");
        }
        id
    }

    fn required(&mut self, name: &'static str) -> String {
        let text = self.text(name, MOST_TEXT_CHARACTERS).unwrap_or_default();
        if !text.chars().any(char::is_alphanumeric) && !self.fault.0.contains_key(name) {
            self.note(name, "is required");
        }
        text
    }

    /// A text that may be left out. What looks like a secret of ours does not get into a list.
    fn text(&mut self, name: &'static str, most: usize) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if text.chars().count() > most => self.refuse(name, "is too long"),
            Value::String(text) if looks_secret(&text) => self.refuse(name, "is a secret"),
            Value::String(text) if text.chars().any(is_control) => {
                self.refuse(name, "has control characters")
            }
            Value::String(text) => Some(text),
            Value::Null => None,
            _ => self.refuse(name, "must be a text"),
        }
    }

    fn scopes(&mut self, name: &'static str, is_required: bool) -> ScopeSet {
        let listed = match self.take(name) {
            Some(Value::Array(listed)) if listed.len() <= MOST_SCOPES => listed,
            Some(Value::Array(_)) => return self.refuse(name, "has too many scopes").unwrap_or_default(),
            None | Some(Value::Null) if !is_required => return ScopeSet::default(),
            _ => return self.refuse(name, "is required: a list of scopes").unwrap_or_default(),
        };
        let mut scopes = Vec::new();
        for value in listed {
            match value.as_str().map(str::parse::<Scope>) {
                Some(Ok(scope)) => scopes.push(scope),
                Some(Err(fault)) => self.note(name, &fault.to_string()),
                None => self.note(name, "must be a list of texts"),
            }
        }
        scopes.into_iter().collect()
    }

    fn kind(&mut self) -> RegistrationType {
        let number = match self.take("RegistrationType") {
            None | Some(Value::Null) => Some(0),
            Some(value) => value.as_i64(),
        };
        let kind = number.and_then(RegistrationType::of);
        if kind.is_none() {
            self.note("RegistrationType", "must be 0, 1, 2 or 3");
        }
        kind.unwrap_or(RegistrationType::OneInstance)
    }

    fn signed(&mut self) -> Option<Signed> {
        let signature = self.text("Signature", MOST_TEXT_CHARACTERS).filter(|text| !text.is_empty())?;
        let data = self.required("SignatureData");
        Some(Signed { signature, data })
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(&name.to_ascii_lowercase())
    }

    fn refuse<T>(&mut self, name: &'static str, words: &str) -> Option<T> {
        self.note(name, words);
        None
    }

    fn note(&mut self, name: &'static str, words: &str) {
        self.fault.0.entry(name).or_default().push(words.to_owned());
    }
}

/// What a text for people does not have: it would look like something else.
fn is_control(c: char) -> bool {
    let formats =
        ['\u{ad}', '\u{61c}', '\u{115f}', '\u{1160}', '\u{180e}', '\u{3164}', '\u{feff}', '\u{ffa0}'];
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || formats.contains(&c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn whole() -> Value {
        json!({
            "AppId": "parcels/v1", "DisplayName": "Parcels", "Description": "Ships", "Version": "1.0.0",
            "ProviderName": "Paketwerk", "ProviderWebsite": "https://paketwerk.example",
            "MandatoryApiScopes": ["Items.Read"], "OptionalApiScopes": ["items.read", "items.write"],
            "RegistrationType": 1,
        })
    }

    fn read(value: &Value) -> Result<Manifest, ManifestFault> {
        Manifest::parse(value.to_string().as_bytes())
    }

    #[test]
    fn a_manifest_is_read_in_either_casing() {
        let manifest = read(&whole()).unwrap();
        assert_eq!((&*manifest.app_id, manifest.kind), ("parcels/v1", RegistrationType::MultiInstance));
        assert_eq!(
            (manifest.mandatory.to_string(), manifest.optional.to_string()),
            ("items.read".into(), "items.write".into())
        );
        assert_eq!((&*manifest.icon, manifest.signed), ("", None));
        let camel = whole().to_string().replace("AppId", "appId").replace("MandatoryApi", "mandatoryApi");
        assert_eq!(Manifest::parse(camel.as_bytes()).unwrap().app_id, "parcels/v1");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let mut broken = whole();
        broken["Version"] = json!(7);
        broken["MandatoryApiScopes"] = json!(["a b", 1]);
        broken["RegistrationType"] = json!(9);
        broken["DisplayName"] = json!("\u{202e}evil");
        broken.as_object_mut().unwrap().remove("ProviderName");
        let ManifestFault(faults) = read(&broken).unwrap_err();
        let told: Vec<_> = faults.iter().map(|(name, words)| (*name, words.len())).collect();
        assert_eq!(
            told,
            [
                ("DisplayName", 1),
                ("MandatoryApiScopes", 2),
                ("ProviderName", 1),
                ("RegistrationType", 1),
                ("Version", 1)
            ]
        );
        for body in ["", "[]", "{"] {
            assert!(Manifest::parse(body.as_bytes()).unwrap_err().0.contains_key("Body"), "{body}");
        }
    }

    #[test]
    fn a_secret_does_not_become_a_name() {
        let mut leaking = whole();
        leaking["DisplayName"] = json!("ein_at_0123456789");
        let fault = read(&leaking).unwrap_err();
        assert!(!format!("{fault:?}").contains("0123456789"));
    }
}
