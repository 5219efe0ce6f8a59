//! `einlass dev`.

use crate::kit::{Dev, einlass, env_file, folder, get, text};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_values_that_clients_need_are_in_a_file_that_only_its_owner_reads() {
    let data = folder();
    let dev = Dev::start(data.path());
    let names: Vec<&str> = dev.env.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "ADMIN_TOKEN",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "EINLASS_URL",
            "JTL_API_BASE",
            "JTL_AUTH_BASE",
            "OTHER_TENANT_ID",
            "TENANT_ID"
        ]
    );
    assert!(dev.env.values().all(|value| !value.is_empty()));
    for name in ["dev.env", "seed"] {
        let mode = fs::metadata(data.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::read_to_string(data.path().join(".gitignore")).unwrap(), "*\n");
}

#[test]
fn the_overview_says_where_everything_is_and_shows_no_secret() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (url, secrets) =
        (dev.url().to_owned(), [dev.env["CLIENT_SECRET"].clone(), dev.env["ADMIN_TOKEN"].clone()]);
    let overview = dev.end();
    assert!(overview.contains(&format!("{url}/oauth2/token")) && overview.contains("dev.env"), "{overview}");
    let log = fs::read_to_string(data.path().join("test.log")).unwrap();
    for secret in secrets {
        assert!(!overview.contains(&secret) && !log.contains(&secret));
    }
}

#[test]
fn a_platform_never_listens_beyond_this_machine() {
    let data = folder();
    let output =
        einlass().args(["dev", "--listen", "0.0.0.0:0", "--data"]).arg(data.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("loopback"), "{}", text(&output.stderr));
    assert!(!env_file(data.path()).exists());
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let data = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = einlass().args(["dev", "--listen", &address, "--data"]).arg(data.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains(&address) && complaint.contains("--listen"), "{complaint}");
    assert!(!env_file(data.path()).exists());
}

#[test]
fn two_platforms_on_one_folder_are_refused() {
    let data = folder();
    let _first = Dev::start(data.path());
    let output =
        einlass().args(["dev", "--listen", "127.0.0.1:0", "--data"]).arg(data.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("another einlass"), "{}", text(&output.stderr));
}

#[test]
fn a_name_that_is_not_loopback_is_not_answered() {
    let data = folder();
    let dev = Dev::start(data.path());
    for path in ["/.well-known/jwks.json", "/erp/v2/info", "/admin/api/policy/explain"] {
        let (status, _) = get(&format!("{}{path}", dev.url()), &[("Host", "evil.example")]);
        assert_eq!(status, 421, "{path}");
    }
}

#[test]
fn a_real_upstream_and_its_documents_take_the_place_of_the_demonstration() {
    let data = folder();
    let other = folder();
    let upstream = Dev::start(other.path());
    let document = data.path().join("keys.json");
    // The other platform's key set, as if it were an API: something that answers for sure.
    let openapi = r#"{"openapi":"3.1.0","paths":{"/jwks.json":{"get":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]}}}}"#;
    fs::write(&document, openapi).unwrap();
    let base = format!("{}/.well-known", upstream.url());
    let dev = Dev::start_with(data.path(), &["--upstream", &base, "--openapi", document.to_str().unwrap()]);
    let token = dev.token();
    assert_eq!(dev.call("/erp/jwks.json", &token), 200);
    assert_eq!(dev.call("/erp/v2/info", &token), 404);
}

#[test]
fn every_fault_of_a_document_is_reported_at_once() {
    let data = folder();
    let document = data.path().join("faulty.yaml");
    fs::write(
        &document,
        "openapi: 3.0.3\npaths:\n  /a: {$ref: elsewhere.yaml}\n  b: {get: {security: []}}\n",
    )
    .unwrap();
    let output = einlass()
        .args(["dev", "--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:9", "--data"])
        .arg(data.path())
        .arg("--openapi")
        .arg(&document)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let complaint = text(&output.stderr);
    assert_eq!(complaint.matches("faulty.yaml").count(), 2, "{complaint}");
}
