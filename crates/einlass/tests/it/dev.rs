//! `einlass dev`.

use crate::kit::{Dev, einlass, env_file, folder, get, platform, post_form, refused_start, text};
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
            "APP_URL",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "EINLASS_URL",
            "JTL_API_BASE",
            "JTL_APP_ID",
            "JTL_AUTH_BASE",
            "JTL_ISSUER",
            "MERCHANT_EMAIL",
            "MERCHANT_PASSWORD",
            "ONPREM_ADMIN_EMAIL",
            "ONPREM_ADMIN_PASSWORD",
            "ONPREM_BASE",
            "OPERATOR_EMAIL",
            "OPERATOR_PASSWORD",
            "OTHER_TENANT_ID",
            "PARTNER_EMAIL",
            "PARTNER_PASSWORD",
            "PUBLIC_CLIENT_ID",
            "SCX_BASE",
            "SCX_CHANNEL",
            "SCX_REFRESH_TOKEN",
            "SCX_SELLER_REFRESH_TOKEN",
            "TENANT_ID"
        ]
    );
    assert!(dev.env.values().all(|value| !value.is_empty()));
    for name in ["dev.env", "seed"] {
        let mode = fs::metadata(platform(data.path()).join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::read_to_string(platform(data.path()).join(".gitignore")).unwrap(), "*\n");
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
    let (code, complaint) = refused_start(&platform(data.path()), "0.0.0.0:0", &[]);
    assert_eq!(code, 2, "{complaint}");
    assert!(complaint.contains("loopback"), "{complaint}");
    assert!(!env_file(data.path()).exists());
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let data = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, complaint) = refused_start(&platform(data.path()), &address, &[]);
    assert_eq!(code, 1, "{complaint}");
    assert!(complaint.contains(&address) && complaint.contains("--listen"), "{complaint}");
    assert!(!env_file(data.path()).exists());
}

#[test]
fn two_platforms_on_one_folder_are_refused() {
    let data = folder();
    let _first = Dev::start(data.path());
    let (code, complaint) = refused_start(&platform(data.path()), "127.0.0.1:0", &[]);
    assert_eq!(code, 1, "{complaint}");
    assert!(complaint.contains("another einlass"), "{complaint}");
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

/// A document in which each operation needs a scope of its own name.
fn document(operations: &[String]) -> String {
    let paths: serde_json::Map<String, serde_json::Value> = operations
        .iter()
        .map(|scope| {
            let security = serde_json::json!([{"oauth2-application": [], "Wawi": [scope]}]);
            (format!("/{scope}"), serde_json::json!({"get": {"security": security}}))
        })
        .collect();
    serde_json::json!({"openapi": "3.1.0", "paths": paths}).to_string()
}

#[test]
fn the_app_asks_for_what_the_users_documents_name_or_the_user_says() {
    let data = folder();
    let other = folder();
    // It answers every path with 404, so that what was forwarded is told apart from what was refused.
    let upstream = Dev::start(other.path());
    let file = data.path().join("api.json");
    fs::write(&file, document(&["orders.read".into(), "parcels.write".into()])).unwrap();
    let api = ["--upstream", upstream.url(), "--openapi", file.to_str().unwrap()];
    let start = |more: &[&str]| Dev::start_with(data.path(), &[&api[..], more].concat());

    let dev = start(&[]);
    let token = dev.token();
    assert_eq!([dev.call("/erp/orders.read", &token), dev.call("/erp/parcels.write", &token)], [404, 404]);
    dev.end();

    let dev = start(&["--scopes", "orders.read"]);
    let token = dev.token();
    assert_eq!([dev.call("/erp/orders.read", &token), dev.call("/erp/parcels.write", &token)], [404, 403]);
    dev.end();

    let many: Vec<String> = (0..300).map(|number| format!("resource{number}.read")).collect();
    fs::write(&file, document(&many)).unwrap();
    let (code, complaint) = refused_start(&platform(data.path()), "127.0.0.1:0", &api);
    assert_eq!(code, 2, "{complaint}");
    assert!(complaint.contains("--scopes"), "{complaint}");
    let dev = start(&["--scopes", "resource7.read"]);
    let token = dev.token();
    assert_eq!(
        [dev.call("/erp/resource7.read", &token), dev.call("/erp/resource8.read", &token)],
        [404, 403]
    );
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
    let arguments = ["--upstream", "http://127.0.0.1:9", "--openapi", document.to_str().unwrap()];
    let (code, complaint) = refused_start(&platform(data.path()), "127.0.0.1:0", &arguments);
    assert_eq!(code, 2, "{complaint}");
    assert_eq!(complaint.matches("faulty.yaml").count(), 2, "{complaint}");
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_left_alone() {
    let data = folder();
    fs::write(data.path().join(".gitignore"), "target\n").unwrap();
    let (code, complaint) = refused_start(data.path(), "127.0.0.1:0", &[]);
    assert_eq!(code, 2, "{complaint}");
    assert!(complaint.contains("holds other files"), "{complaint}");
    assert_eq!(fs::read_to_string(data.path().join(".gitignore")).unwrap(), "target\n");
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
}

#[test]
fn an_empty_folder_of_the_users_is_closed_to_others() {
    let data = folder();
    let own = platform(data.path());
    fs::create_dir(&own).unwrap();
    fs::set_permissions(&own, fs::Permissions::from_mode(0o755)).unwrap();
    let _dev = Dev::start(data.path());
    assert_eq!(fs::metadata(&own).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_damaged_folder_is_an_error_that_names_the_file() {
    for (name, content) in
        [("seed", "short"), ("port", "0\n"), ("einlass.db", "no database at all, and long enough")]
    {
        let data = folder();
        Dev::start(data.path()).end();
        fs::write(platform(data.path()).join(name), content.repeat(40)).unwrap();
        let (code, complaint) = refused_start(&platform(data.path()), "127.0.0.1:0", &[]);
        assert_eq!(code, 1, "{complaint}");
        assert!(complaint.contains(name), "{complaint}");
    }
}

#[test]
fn another_seed_than_the_databases_is_an_error_that_says_so() {
    let data = folder();
    Dev::start(data.path()).end();
    fs::remove_file(platform(data.path()).join("seed")).unwrap();
    let (code, complaint) = refused_start(&platform(data.path()), "127.0.0.1:0", &[]);
    assert_eq!(code, 1, "{complaint}");
    assert!(complaint.contains("seed"), "{complaint}");
}

#[test]
fn a_secret_in_the_wrong_place_does_not_get_into_the_log() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (id, secret) = (dev.env["CLIENT_ID"].clone(), dev.env["CLIENT_SECRET"].clone());
    let swapped = einlass()
        .arg("token")
        .envs(&dev.env)
        .env("CLIENT_ID", &secret)
        .env("CLIENT_SECRET", &id)
        .output()
        .unwrap();
    assert!(!swapped.status.success());
    for body in [
        format!("grant_type=client_credentials&client_id={secret}&client_secret={id}"),
        format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope={secret}"),
        format!("{secret}&{secret}"),
    ] {
        assert_ne!(post_form(&format!("{}/oauth2/token", dev.url()), &body), 200);
    }
    dev.end();
    let log = fs::read_to_string(data.path().join("test.log")).unwrap();
    assert!(log.contains("refused"), "{log}");
    let middle = &secret[10..30];
    assert!(!log.contains(middle) && !log.to_lowercase().contains(&middle.to_lowercase()), "{log}");
    assert!(!text(&swapped.stderr).contains(middle), "{}", text(&swapped.stderr));
}

#[test]
fn the_log_is_plain_text_and_says_when_it_started_and_ended() {
    let data = folder();
    let dev = Dev::start(data.path());
    assert_eq!(dev.call("/erp/v2/info", "nonsense"), 401);
    dev.end();
    let log = fs::read_to_string(data.path().join("test.log")).unwrap();
    assert!(!log.contains('\u{1b}'), "{log}");
    assert!(log.contains(" started url=") && log.contains(" ended url="), "{log}");
    assert!(log.contains("request_id="), "{log}");
}

#[test]
fn a_prepared_folder_cannot_make_us_write_elsewhere() {
    let data = folder();
    let own = platform(data.path());
    let victims = ["a", "b"].map(|name| data.path().join(name));
    fs::create_dir(&own).unwrap();
    for (victim, link) in victims.iter().zip(["lock", "seed.new"]) {
        fs::write(victim, "mine").unwrap();
        std::os::unix::fs::symlink(victim, own.join(link)).unwrap();
    }
    Dev::start(data.path()).end();
    for victim in victims {
        assert_eq!(fs::read_to_string(victim).unwrap(), "mine");
    }
}
