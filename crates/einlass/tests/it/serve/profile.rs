//! `einlass serve --profile onprem`: one folder, one ERP, and nothing else.

use super::site::{Node, free_port};
use crate::kit::{einlass, folder, get, send, text};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

fn profile(command: &mut Command, data: &Path) {
    command.args(["serve", "--profile", "onprem", "--data"]).arg(data);
}

#[test]
fn a_profile_makes_its_folder_once_and_serves_one_erp_alone() {
    let (place, address) = (folder(), format!("127.0.0.1:{}", free_port()));
    let data = place.path().join("einlass");
    fs::write(place.path().join("erp.yaml"), include_str!("erp.yaml")).unwrap();
    let first = |command: &mut Command| {
        profile(command, &data);
        command.args(["--upstream", "http://127.0.0.1:9", "--listen", &address, "--openapi"]);
        command.arg(place.path().join("erp.yaml"));
    };
    let url = format!("http://{address}");
    let node = Node::begin(first, url.clone(), place.path().join("log"), "/.well-known/jwks.json");
    let admin = node.claim();
    let sites = admin.must(&url, "GET", "/sites", Value::Null);
    assert_eq!(sites["items"][0]["database"], "eazybusiness");
    for (path, status) in
        [("/onprem", 303), ("/login", 200), ("/hub", 404), ("/erp/v1/items", 404), ("/v1/auth", 404)]
    {
        assert_eq!(get(&format!("{url}{path}"), &[]).0, status, "{path}");
    }
    admin.must(&url, "POST", "/sites/eazybusiness/wait", json!({}));
    let app = json!({
        "AppId": "p/v1", "DisplayName": "P", "Description": "P", "Version": "1", "ProviderName": "P",
        "ProviderWebsite": "https://p.example", "MandatoryApiScopes": ["items.read"],
    });
    let headers = [("Content-Type", "application/json"), ("x-challengecode", "4711")];
    let base = format!("{url}/api/eazybusiness/authentication");
    assert_eq!(send("POST", &base, &headers, &app.to_string()).0, 201);
    let unknown = [("Authorization", "Wawi 3f2b8c1e-9d47-4a6b-8e21-7c5d0f9a1b34")];
    assert_eq!(get(&format!("{url}/api/eazybusiness/v1/items"), &unknown).0, 401);
    node.end();
    for name in ["einlass.toml", "master.key"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(data.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }

    // A later start needs nothing, and finds everything.
    let later = |command: &mut Command| profile(command, &data);
    let node = Node::begin(later, url.clone(), place.path().join("log"), "/.well-known/jwks.json");
    let registrations = admin.must(&url, "GET", "/sites/eazybusiness/registrations", Value::Null);
    assert_eq!(registrations["items"][0]["app_id"], "p/v1");
    node.end();
    let mut other = einlass();
    profile(&mut other, &data);
    let told = other.args(["--upstream", "http://127.0.0.1:10"]).output().unwrap();
    assert_eq!(told.status.code(), Some(2));
    assert!(text(&told.stderr).contains("change it there"), "{}", text(&told.stderr));
}

#[test]
fn a_first_start_says_what_it_needs() {
    let place = folder();
    let mut command = einlass();
    profile(&mut command, &place.path().join("new"));
    let told = command.output().unwrap();
    assert_eq!(told.status.code(), Some(2));
    assert!(text(&told.stderr).contains("--upstream and --openapi"), "{}", text(&told.stderr));
    assert!(!place.path().join("new").exists(), "nothing is left half done");
}
