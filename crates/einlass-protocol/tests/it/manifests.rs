//! Manifests of every version.

use einlass_protocol::manifest::{Imported, Manifest, ManifestVersion};
use serde_json::{Value, json};

pub(crate) const VERSION_2: &str = r#"{
  "manifest": {
    "technicalName": "parcel-labels",
    "version": "1.2.3",
    "requirements": { "minCloudApiVersion": "1.0.0" },
    "lifecycle": { "configurationUrl": "https://app.example.com/setup", "connectUrl": "https://app.example.com/connect" },
    "capabilities": {
      "hub": { "appLauncher": { "redirectUrl": "https://app.example.com/" } },
      "erp": {
        "menuItems": [{ "id": "labels", "name": "Labels", "url": "https://app.example.com/labels" }],
        "pane": [{ "title": "Parcels", "context": "customers", "url": "https://app.example.com/pane" }],
        "api": { "scopes": ["items.read"] },
        "widgets": []
      }
    }
  },
  "listing": {
    "version": "1.2.3",
    "defaultLocale": "de-DE",
    "distributionType": "PUBLIC",
    "name": {
      "de-DE": { "short": "Paketetiketten", "full": "Paketetiketten von Beispiel" },
      "en-GB": { "short": "Parcel Labels" }
    },
    "description": { "de-DE": { "short": "Druckt Etiketten.", "full": "Druckt sie wirklich." } },
    "icon": { "light": "https://app.example.com/icon.svg" },
    "communication": { "supportUrl": "https://www.example.com/support" },
    "legal": { "privacyUrl": "https://www.example.com/privacy", "imprintUrl": "https://www.example.com/imprint" }
  }
}"#;

pub(crate) const VERSION_3: &str = r#"{
  "technicalName": "parcel-labels",
  "version": "0.10.0",
  "lifecycle": {},
  "authentication": {
    "publicClient": {
      "redirectUris": ["https://app.example.com/back?a=B", "http://localhost:5173/back"],
      "postLogoutRedirectUris": ["https://app.example.com"]
    },
    "serviceAccount": {}
  },
  "capabilities": { "erp": { "api": { "scopes": ["items.read", "Customers.Read"] } } },
  "telemetry": { "level": 7 }
}"#;

fn faults(manifest: &Value) -> Vec<(String, String)> {
    let rejected = Manifest::import(&manifest.to_string()).unwrap_err();
    rejected.0.into_iter().map(|fault| (fault.path, fault.message)).collect()
}

fn paths(manifest: &Value) -> Vec<String> {
    faults(manifest).into_iter().map(|(path, _)| path).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_example_says_all_that_a_manifest_can() {
    let Imported { manifest, text, version_read, left_out, .. } =
        Manifest::import(Manifest::EXAMPLE).unwrap();
    assert_eq!((text.as_str(), version_read), (Manifest::EXAMPLE, ManifestVersion::V1));
    assert!(left_out.is_empty());
    assert_eq!(Manifest::read(Manifest::EXAMPLE), Ok(manifest.clone()));
    assert_eq!((&*manifest.name, &*manifest.version), ("Parcel Labels", "1.0.0"));
    let addresses =
        [&manifest.support, &manifest.privacy, &manifest.terms, &manifest.setup, &manifest.launcher];
    assert!(addresses.iter().all(|url| url.is_some()));
    assert!(!manifest.summary.is_empty() && !manifest.description.is_empty());
    assert_eq!((manifest.menu.len(), manifest.panes.len()), (1, 1));
    assert_eq!(manifest.scopes.to_string(), "customers.read items.read");
}

#[test]
fn what_version_2_says_is_taken_over_and_the_rest_is_told() {
    let imported = Manifest::import(VERSION_2).unwrap();
    assert_eq!(imported.version_read, ManifestVersion::V2);
    assert_eq!(imported.technical_name.as_deref(), Some("parcel-labels"));
    assert!(imported.service_account && imported.redirect_uris.is_empty());
    let manifest = &imported.manifest;
    assert_eq!((&*manifest.name, &*manifest.version), ("Paketetiketten", "1.2.3"));
    assert_eq!((&*manifest.summary, &*manifest.description), ("Druckt Etiketten.", "Druckt sie wirklich."));
    assert_eq!(manifest.setup.as_ref().unwrap().as_str(), "https://app.example.com/setup");
    assert_eq!((&*manifest.menu[0].id, &*manifest.panes[0].context), ("labels", "customers"));
    assert_eq!(manifest.privacy.as_ref().unwrap().as_str(), "https://www.example.com/privacy");
    let mut left_out = imported.left_out;
    left_out.sort_unstable();
    assert_eq!(
        left_out,
        [
            "listing.distributionType",
            "listing.legal.imprintUrl",
            "listing.name.en-GB",
            "listing.version",
            "manifest.capabilities.erp.widgets",
        ]
    );
    let kept = parsed(&imported.text);
    assert_eq!(kept["manifestVersion"], "1");
    assert_eq!(kept["icon"]["light"], "https://app.example.com/icon.svg");
    assert_eq!(kept["lifecycle"]["connectUrl"], "https://app.example.com/connect");
    assert_eq!(kept["name"]["full"], "Paketetiketten von Beispiel");
    assert!(imported.text.contains("\n  \"name\": {"), "people read it");
}

#[test]
fn what_version_3_says_is_taken_over_with_how_it_signs_in() {
    let imported = Manifest::import(VERSION_3).unwrap();
    assert_eq!(imported.version_read, ManifestVersion::V3);
    assert_eq!(imported.redirect_uris, ["https://app.example.com/back?a=B", "http://localhost:5173/back"]);
    assert_eq!(imported.post_logout_redirect_uris, ["https://app.example.com"]);
    assert!(imported.service_account);
    assert_eq!(&*imported.manifest.name, "parcel-labels", "for want of another name");
    assert_eq!(imported.manifest.scopes.to_string(), "customers.read items.read");
    assert_eq!((imported.manifest.setup, imported.left_out), (None, vec!["telemetry".to_owned()]));

    let account = |said: Value| {
        let mut manifest = parsed(VERSION_3);
        manifest["authentication"]["serviceAccount"] = said;
        Manifest::import(&manifest.to_string()).map(|imported| imported.service_account)
    };
    assert_eq!(
        [json!(true), json!(false), json!(null)].map(|said| account(said).unwrap()),
        [true, false, false]
    );
    assert_eq!(account(json!("yes")).unwrap_err().0[0].path, "authentication.serviceAccount");
}

#[test]
fn a_name_is_a_text_or_a_short_and_a_full_one_or_these_by_language() {
    let named = |name: Value| {
        let mut manifest = parsed(VERSION_3);
        manifest["name"] = name;
        let imported = Manifest::import(&manifest.to_string())?;
        Ok::<_, einlass_protocol::manifest::ManifestRejected>(imported.manifest.name)
    };
    for name in [
        json!("Labels"),
        json!({"short": "Labels", "full": "Labels for all"}),
        json!({"full": "Labels"}),
        json!({"en-GB": "Labels"}),
        json!({"de-DE": {"short": "Labels"}}),
    ] {
        assert_eq!(named(name.clone()).unwrap(), "Labels", "{name}");
    }
    for (name, path) in [
        (json!(7), "name"),
        (json!(""), "name"),
        (json!({"short": 7}), "name.short"),
        (json!({"de-DE": {"short": ""}}), "name.de-DE.short"),
        (json!({"de-DE": {"en-GB": "Labels"}}), "name.de-DE"),
    ] {
        assert_eq!(named(name.clone()).unwrap_err().0[0].path, path, "{name}");
    }
}

#[test]
fn every_fault_is_found_where_it_is_in_the_original() {
    let mut manifest = parsed(VERSION_2);
    manifest["manifest"]["technicalName"] = json!("x".repeat(101));
    manifest["manifest"]["version"] = json!("1.2");
    manifest["manifest"]["lifecycle"]["configurationUrl"] = json!("http://app.example.com/");
    manifest["manifest"]["capabilities"]["erp"]["menuItems"][0]["url"] = json!("no");
    manifest["manifest"]["capabilities"]["hub"] = json!([]);
    manifest["listing"]["legal"]["privacyUrl"] = json!(7);
    manifest["listing"]["clientId"] = json!("x");
    manifest["listing"]["communication"] = json!("help");
    let mut found = paths(&manifest);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "listing.clientId",
            "listing.communication",
            "listing.legal.privacyUrl",
            "manifest.capabilities.erp.menuItems[0].url",
            "manifest.capabilities.hub",
            "manifest.lifecycle.configurationUrl",
            "manifest.technicalName",
            "manifest.version",
        ]
    );
    let pane = |n: usize| json!({"title": "P", "context": "c", "url": format!("https://p{n}.example/")});
    let mut manifest = parsed(VERSION_2);
    manifest["manifest"]["capabilities"]["erp"]["pane"] = json!((0..9).map(pane).collect::<Vec<_>>());
    assert_eq!(paths(&manifest), ["manifest.capabilities"], "too many origins");

    let mut manifest = parsed(VERSION_3);
    let addresses = json!(["https://app.example.com/#x", "app:/x", 7, ""]);
    manifest["authentication"]["publicClient"]["redirectUris"] = addresses;
    let path = "authentication.publicClient.redirectUris";
    assert_eq!(paths(&manifest), [0, 1, 2, 3].map(|number| format!("{path}[{number}]")));
}

#[test]
fn what_is_missing_is_missing_at_its_place() {
    let missing = |path: &str| (path.to_owned(), "is missing".to_owned());
    let of_version_2 = [missing("manifest.technicalName"), missing("manifest.version")];
    assert_eq!(faults(&json!({"manifest": {}})), of_version_2);
    assert_eq!(faults(&json!({"listing": {}})), of_version_2);
    assert_eq!(faults(&json!({"technicalName": "a"})), [missing("version")]);
    assert_eq!(faults(&json!({"manifestVersion": 3})), [missing("technicalName"), missing("version")]);
    assert_eq!(faults(&json!({})), [missing("name.short"), missing("version")]);
    assert_eq!(paths(&json!({"manifestVersion": "4.0"})), ["manifestVersion"]);
    assert_eq!(paths(&json!({"manifest": 7}))[0], "manifest");
}

#[test]
fn a_version_is_three_numbers() {
    let is_taken = |version: &str| {
        let manifest = json!({"technicalName": "a", "version": version});
        Manifest::import(&manifest.to_string()).is_ok()
    };
    assert!(["0.0.0", "1.0.0", "10.20.30"].into_iter().all(is_taken));
    assert!(
        !["", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-rc.1", "1.0.0+7", "v1.0.0", "1..0"]
            .into_iter()
            .any(is_taken)
    );
}

#[test]
fn what_is_left_out_deceives_nobody() {
    let manifest = json!({
        "technicalName": "a", "version": "1.0.0", "lifecycle.configurationUrl": "https://evil.example/",
        "x\u{202e}y": 1, "ein_cs_something": 2, "name": {"\u{200b}": "Labels"},
        "authentication": {"secrets": [], "publicClient": {"pkce": true}, "serviceAccount": {"keys": []}},
    });
    let mut imported = Manifest::import(&manifest.to_string()).unwrap();
    imported.left_out.sort_unstable();
    assert_eq!(
        imported.left_out,
        [
            "authentication.publicClient.pkce",
            "authentication.secrets",
            "authentication.serviceAccount.keys",
            "lifecycle.configurationUrl",
            "name",
            "x\u{fffd}y",
            "…",
        ]
    );
    assert_eq!((imported.manifest.setup, &*imported.manifest.name), (None, "a"));
}
