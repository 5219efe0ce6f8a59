//! What an app says of itself to whoever decides about it.

use einlass_protocol::scope::{InvalidScope, Scope};
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// An app as it asks to be registered: the body of `POST authentication`. A JSON file may spell the members as the wire
/// does (`AppId`) or in camel case (`appId`); what it has beside them is an error.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Manifest {
    /// Which app it is, as `myApp/v1`: the ERP knows one registration for each.
    #[serde(alias = "appId")]
    pub app_id: String,
    /// What the merchant's admin sees.
    #[serde(alias = "displayName")]
    pub display_name: String,
    /// What the app is for.
    #[serde(alias = "description")]
    pub description: String,
    /// The app's version.
    #[serde(alias = "version")]
    pub version: String,
    /// Who makes the app.
    #[serde(alias = "providerName")]
    pub provider_name: String,
    /// Where its maker is: an `http` or `https` URL.
    #[serde(alias = "providerWebsite")]
    pub provider_website: String,
    /// A picture in base64.
    #[serde(alias = "appIcon", default, skip_serializing_if = "Option::is_none")]
    pub app_icon: Option<String>,
    /// What the app cannot work without. A key's scopes never change: others need a new registration.
    #[serde(alias = "mandatoryApiScopes")]
    pub mandatory_api_scopes: Vec<String>,
    /// What the admin may switch off.
    #[serde(alias = "optionalApiScopes", default)]
    pub optional_api_scopes: Vec<String>,
    /// How many keys there will be.
    #[serde(alias = "registrationType", default)]
    pub registration_type: RegistrationType,
    /// The name in other languages.
    #[serde(alias = "localizedDisplayNames", default, skip_serializing_if = "Vec::is_empty")]
    pub localized_display_names: Vec<Localized>,
    /// The description in other languages.
    #[serde(alias = "localizedDescriptions", default, skip_serializing_if = "Vec::is_empty")]
    pub localized_descriptions: Vec<Localized>,
}

/// A text in one language.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Localized {
    /// Which language, as `de`.
    #[serde(alias = "languageIso")]
    pub language_iso: String,
    /// The text.
    #[serde(alias = "name")]
    pub name: String,
}

/// How many keys there will be; a number on the wire.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum RegistrationType {
    /// One for the app (0).
    #[default]
    OneInstance,
    /// One for each installation (1).
    MultiInstance,
    /// One for each user (2).
    PerUserInstance,
    /// One for each user, who signs in (3).
    PerUserLoginInstance,
}

/// What is wrong with a manifest.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidManifest {
    /// A required member says nothing.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The website is none.
    #[error("ProviderWebsite is no http or https URL")]
    Website,
    /// The icon is not written in base64.
    #[error("AppIcon is not base64")]
    Icon,
    /// A scope is none.
    #[error(transparent)]
    Scope(#[from] InvalidScope),
    /// A scope is mandatory and optional.
    #[error("the scope {0} is both mandatory and optional")]
    Contradiction(Scope),
}

impl Manifest {
    /// A manifest to start from: valid, and about an app that does not exist.
    #[must_use]
    pub fn example() -> Self {
        Self {
            app_id: "myApp/v1".into(),
            display_name: "My App".into(),
            description: "What the merchant gains by letting it in".into(),
            version: "1.0.0".into(),
            provider_name: "My Company".into(),
            provider_website: "https://www.example.com".into(),
            app_icon: None,
            mandatory_api_scopes: vec!["items.read".into()],
            optional_api_scopes: vec!["items.write".into()],
            registration_type: RegistrationType::OneInstance,
            localized_display_names: Vec::new(),
            localized_descriptions: Vec::new(),
        }
    }

    /// Says what is wrong with it before an ERP does.
    pub fn check(&self) -> Result<(), InvalidManifest> {
        let required = [
            ("AppId", &self.app_id),
            ("DisplayName", &self.display_name),
            ("Description", &self.description),
            ("Version", &self.version),
            ("ProviderName", &self.provider_name),
        ];
        if let Some((name, _)) = required.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(InvalidManifest::Empty(name));
        }
        let website = Url::parse(&self.provider_website);
        if !website.is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            return Err(InvalidManifest::Website);
        }
        if !self.app_icon.as_deref().is_none_or(is_base64) {
            return Err(InvalidManifest::Icon);
        }
        self.check_scopes()
    }

    fn check_scopes(&self) -> Result<(), InvalidManifest> {
        let parse =
            |scopes: &[String]| scopes.iter().map(|scope| scope.parse()).collect::<Result<Vec<Scope>, _>>();
        let (mandatory, optional) = (parse(&self.mandatory_api_scopes)?, parse(&self.optional_api_scopes)?);
        let both = optional.into_iter().find(|scope| mandatory.contains(scope));
        both.map_or(Ok(()), |scope| Err(InvalidManifest::Contradiction(scope)))
    }
}

impl From<RegistrationType> for u8 {
    fn from(kind: RegistrationType) -> Self {
        match kind {
            RegistrationType::OneInstance => 0,
            RegistrationType::MultiInstance => 1,
            RegistrationType::PerUserInstance => 2,
            RegistrationType::PerUserLoginInstance => 3,
        }
    }
}

/// A number that stands for no registration type.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0} is no RegistrationType: there are 0 to 3")]
pub struct InvalidRegistrationType(u8);

impl TryFrom<u8> for RegistrationType {
    type Error = InvalidRegistrationType;

    fn try_from(number: u8) -> Result<Self, InvalidRegistrationType> {
        match number {
            0 => Ok(Self::OneInstance),
            1 => Ok(Self::MultiInstance),
            2 => Ok(Self::PerUserInstance),
            3 => Ok(Self::PerUserLoginInstance),
            other => Err(InvalidRegistrationType(other)),
        }
    }
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padded = text.len().is_multiple_of(4) && text.len() - digits.len() <= 2;
    padded && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(changes: Value) -> Result<Manifest, serde_json::Error> {
        let mut manifest = serde_json::to_value(Manifest::example()).unwrap();
        let Value::Object(changes) = changes else { panic!("no object") };
        manifest.as_object_mut().unwrap().extend(changes);
        serde_json::from_value(manifest)
    }

    #[test]
    fn the_example_is_one_and_is_written_as_the_wire_has_it() {
        Manifest::example().check().unwrap();
        let written = serde_json::to_value(Manifest::example()).unwrap();
        assert_eq!(written["AppId"], "myApp/v1");
        assert_eq!(written["MandatoryApiScopes"], json!(["items.read"]));
        assert_eq!(written["RegistrationType"], 0);
        assert!(written.get("AppIcon").is_none());
    }

    #[test]
    fn both_casings_are_read_and_a_typing_error_is_found() {
        let written = serde_json::to_string(&Manifest::example()).unwrap();
        let mut camel = written.clone();
        for name in serde_json::to_value(Manifest::example()).unwrap().as_object().unwrap().keys() {
            camel = camel.replace(
                &format!("\"{name}\":"),
                &format!("\"{}{}\":", name[..1].to_lowercase(), &name[1..]),
            );
        }
        assert_ne!(camel, written);
        assert_eq!(serde_json::from_str::<Manifest>(&camel).unwrap(), Manifest::example());
        assert!(read(json!({ "OptionalApiScope": [] })).is_err());
        assert!(read(json!({ "RegistrationType": 4 })).unwrap_err().to_string().contains("0 to 3"));
    }

    #[test]
    fn what_an_erp_would_refuse_is_named() {
        let check = |changes| read(changes).unwrap().check();
        assert_eq!(check(json!({ "AppId": " " })), Err(InvalidManifest::Empty("AppId")));
        assert_eq!(check(json!({ "ProviderWebsite": "example.com" })), Err(InvalidManifest::Website));
        assert!(check(json!({ "AppIcon": "aGk=" })).is_ok() && check(json!({ "AppIcon": "" })).is_ok());
        for icon in ["a.b=", "abc", "a===", "data:image/png;base64,aGk="] {
            assert_eq!(check(json!({ "AppIcon": icon })), Err(InvalidManifest::Icon), "{icon}");
        }
        assert!(matches!(check(json!({ "MandatoryApiScopes": ["a b"] })), Err(InvalidManifest::Scope(_))));
        let both = check(json!({ "OptionalApiScopes": ["Items.Read"] })).unwrap_err();
        assert_eq!(both.to_string(), "the scope items.read is both mandatory and optional");
    }
}
