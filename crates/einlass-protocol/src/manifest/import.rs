//! Manifests of every version, brought to version 1.
//!
//! Version 2 is `{manifest, listing}`: what the app does, and what merchants read of it. Version 3 is `app.json`, which says
//! besides how the app signs people in.

use super::read::{self, At, Fault, ManifestRejected};
use super::taken::Taken;
use super::{Manifest, WebUrl};
use serde_json::Value;
use std::fmt;

const MOST_TECHNICAL_NAME: usize = 100;
const MOST_URIS: usize = 20;
const MOST_URI: usize = 2_000;

/// How a manifest is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ManifestVersion {
    /// One object, with a `manifestVersion`.
    V1,
    /// `{manifest, listing}`.
    V2,
    /// `app.json`.
    V3,
}

impl fmt::Display for ManifestVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "1",
            Self::V2 => "2",
            Self::V3 => "3",
        })
    }
}

/// A manifest of any version that was read without a fault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Imported {
    /// What it says.
    pub manifest: Manifest,
    /// The same as a manifest of version 1, to be kept. One of version 1 is left as it was sent.
    pub text: String,
    /// What machines call the app. A manifest of version 1 does not say.
    pub technical_name: Option<String>,
    /// Where people come back to when they signed in through its public client, letter by letter.
    pub redirect_uris: Vec<String>,
    /// Where they come back to when they signed out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Whether the app acts in its own name, with a secret. All of versions 1 and 2 do.
    pub service_account: bool,
    /// How it was written.
    pub version_read: ManifestVersion,
    /// What version 1 has no place for, and is in `text` no more: at most a hundred places.
    pub left_out: Vec<String>,
}

pub(super) fn import(text: &str) -> Result<Imported, ManifestRejected> {
    let root = read::object(text)?;
    let mut faults = Vec::new();
    let version = version_of(&mut At::root(&root, &mut faults));
    match version {
        None => Err(ManifestRejected(faults)),
        Some(ManifestVersion::V1) => Ok(Imported {
            manifest: read::manifest(text)?,
            text: text.into(),
            technical_name: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            service_account: true,
            version_read: ManifestVersion::V1,
            left_out: Vec::new(),
        }),
        Some(version) => later(&root, version),
    }
}

/// By what is there; where that does not tell, by what it says of itself.
fn version_of(root: &mut At) -> Option<ManifestVersion> {
    let has = |name: &str| root.value.is_some_and(|value| value.get(name).is_some_and(|it| !it.is_null()));
    if has("manifest") || has("listing") {
        return Some(ManifestVersion::V2);
    }
    let is_named = has("technicalName") || has("authentication");
    let said =
        root.at("manifestVersion").value.map(|it| it.as_str().map_or_else(|| it.to_string(), Into::into));
    match said.as_deref().map(|said| said.split('.').next().unwrap_or_default()) {
        None if is_named => Some(ManifestVersion::V3),
        None | Some("1") => Some(ManifestVersion::V1),
        Some("2") => Some(ManifestVersion::V2),
        Some("3") => Some(ManifestVersion::V3),
        Some(_) => {
            root.at("manifestVersion").fault("must be 1, 2 or 3");
            None
        }
    }
}

/// One of version 2 or 3.
fn later(root: &Value, version: ManifestVersion) -> Result<Imported, ManifestRejected> {
    let (mut faults, mut taken) = (Vec::new(), Taken::default());
    let section = if version == ManifestVersion::V2 { "manifest" } else { "" };
    let mut at = At::root(root, &mut faults);
    let (names, authentication) = match version {
        ManifestVersion::V2 => (of_version_2(&mut at, &mut taken), Authentication::of_a_service()),
        _ => of_version_3(&mut at, &mut taken),
    };
    let (value, places, left_out) = taken.finish(&names);
    let mut found = Vec::new();
    let manifest = read::read(&mut At::root(&value, &mut found));
    faults.extend(
        found
            .into_iter()
            .map(|Fault { path, message }| Fault { path: places.original(&path, section), message }),
    );
    if !faults.is_empty() {
        return Err(ManifestRejected(faults));
    }
    Ok(Imported {
        manifest,
        text: written(&value)?,
        technical_name: Some(names.technical),
        redirect_uris: authentication.redirect_uris,
        post_logout_redirect_uris: authentication.post_logout_redirect_uris,
        service_account: authentication.service_account,
        version_read: version,
        left_out,
    })
}

fn of_version_2(root: &mut At, taken: &mut Taken) -> Names {
    root.has_no_client_id();
    taken.leave_others(root, &["manifest", "listing", "manifestVersion", "$schema", "clientId"]);
    let names = names(&mut root.at("manifest"));
    // What merchants read is in the listing; where it says nothing, in the other one.
    taken.section(&mut root.at("listing"), &[]);
    taken.section(&mut root.at("manifest"), &OWN);
    names
}

fn of_version_3(root: &mut At, taken: &mut Taken) -> (Names, Authentication) {
    let names = names(root);
    taken.section(root, &[&OWN[..], &["authentication"]].concat());
    let mut at = root.at("authentication");
    taken.leave_others(&at, &["publicClient", "serviceAccount"]);
    taken.leave_others(&at.at("publicClient"), &["redirectUris", "postLogoutRedirectUris"]);
    taken.leave_others(&at.at("serviceAccount"), &[]);
    (names, authentication(&mut at))
}

/// What is read here, and taken over from nowhere else.
const OWN: [&str; 4] = ["technicalName", "version", "manifestVersion", "$schema"];

/// For people to read, unless the spaces make it longer than a manifest may be.
fn written(value: &Value) -> Result<String, ManifestRejected> {
    let texts = [format!("{value:#}"), value.to_string()];
    let fits = texts.into_iter().find(|text| text.len() <= read::MOST_BYTES);
    fits.ok_or_else(|| ManifestRejected::whole("longer than 256 KiB"))
}

/// What version 1 says in other words.
pub(super) struct Names {
    pub(super) technical: String,
    pub(super) version: String,
}

fn names(at: &mut At) -> Names {
    let technical = at.at("technicalName").line(MOST_TECHNICAL_NAME);
    let mut below = at.at("version");
    let version = below.line(read::MOST_CHARACTERS);
    if !version.is_empty() && !is_release(&version) {
        below.fault("must be three numbers, as 1.0.0");
    }
    Names { technical, version }
}

/// A version of Semantic Versioning 2.0.0 of digits alone.
fn is_release(version: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    version.split('.').count() == 3 && version.split('.').all(is_number)
}

/// How an app of version 3 signs in.
#[derive(Default)]
struct Authentication {
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    service_account: bool,
}

impl Authentication {
    fn of_a_service() -> Self {
        Self { service_account: true, ..Self::default() }
    }
}

fn authentication(at: &mut At) -> Authentication {
    let mut public = at.at("publicClient");
    let redirect_uris = public.at("redirectUris").each(MOST_URIS, redirect_uri);
    let post_logout_redirect_uris = public.at("postLogoutRedirectUris").each(MOST_URIS, redirect_uri);
    let mut account = at.at("serviceAccount");
    let service_account = match account.value {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true) | Value::Object(_)) => true,
        Some(_) => {
            account.fault("must be true, false or an object");
            false
        }
    };
    Authentication { redirect_uris, post_logout_redirect_uris, service_account }
}

/// Kept letter by letter, since that is how they are compared (RFC 6749 §3.1.2).
fn redirect_uri(at: &mut At) -> Option<String> {
    let text = at.text(MOST_URI)?;
    at.parsed(&text).map(|_: WebUrl| ())?;
    if text.contains('#') {
        at.fault("must have no fragment");
        return None;
    }
    Some(text)
}
