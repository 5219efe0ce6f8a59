//! `einlass token`, `call` and `policy`.

use crate::kit::{Dev, einlass, folder, text};
use serde_json::Value;

#[test]
fn token_prints_the_token_and_a_newline() {
    let data = folder();
    let dev = Dev::start(data.path());
    let output = dev.einlass(&["token"]);
    let printed = text(&output.stdout);
    assert_eq!(printed.lines().count(), 1);
    assert!(printed.ends_with('\n') && printed.trim_end().split('.').count() == 3);
    assert!(output.stderr.is_empty());
}

#[test]
fn token_prints_json_and_a_header_too() {
    let data = folder();
    let dev = Dev::start(data.path());
    let json: Value = serde_json::from_slice(&dev.einlass(&["token", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["token_type"], "Bearer");
    let expires_at = json["expires_at"].as_str().unwrap();
    assert!(expires_at.ends_with('Z') && json["expires_at_unix"].is_i64(), "{expires_at}");
    let header = dev.einlass(&["token", "--format", "header"]);
    assert!(text(&header.stdout).starts_with("Authorization: Bearer ey"));
}

#[test]
fn a_narrowed_token_opens_less() {
    let data = folder();
    let dev = Dev::start(data.path());
    let token = dev.einlass(&["token", "--scope", "items.read"]).stdout;
    let token = text(&token).trim_end().to_owned();
    assert_eq!(dev.call("/erp/v2/items", &token), 200);
    assert_eq!(dev.call("/erp/v2/customers", &token), 403);
}

#[test]
fn call_prints_the_answer_and_tells_the_status_by_its_exit_code() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (tenant, other) = (dev.env["TENANT_ID"].as_str(), dev.env["OTHER_TENANT_ID"].as_str());
    let ok = dev.einlass(&["call", "get", "/erp/v2/info", "--tenant", tenant]);
    let body: Value = serde_json::from_slice(&ok.stdout).unwrap();
    assert_eq!((ok.status.code(), body["tenant"].as_str()), (Some(0), Some(tenant)));

    let by_environment = dev.einlass(&["call", "GET", "/erp/v2/info"]);
    assert_eq!(by_environment.status.code(), Some(0));

    let refused = dev.einlass(&["call", "GET", "/erp/v2/info", "--tenant", other]);
    let body: Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!((refused.status.code(), body["errorCode"].as_str()), (Some(1), Some("NotInstalled")));
    assert!(text(&refused.stderr).contains("403"));

    let nobody = dev.einlass(&["call", "GET", "/erp/v2/info", "--no-tenant"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(text(&nobody.stderr).contains("412"));

    let written = dev.einlass(&["call", "POST", "/erp/v2/items", "--body", r#"{"name":"Lamp"}"#]);
    assert_eq!((written.status.code(), text(&written.stdout)), (Some(0), r#"{"name":"Lamp"}"#));
}

#[test]
fn without_values_the_error_says_where_they_come_from() {
    let output = einlass().arg("token").output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("JTL_AUTH_BASE") && complaint.contains("dev.env"), "{complaint}");
}

#[test]
fn wrong_credentials_and_an_absent_platform_have_their_own_exit_codes() {
    let data = folder();
    let dev = Dev::start(data.path());
    let wrong = einlass().arg("token").envs(&dev.env).env("CLIENT_SECRET", "canary").output().unwrap();
    assert_eq!(wrong.status.code(), Some(4));
    assert!(text(&wrong.stderr).contains("invalid_client") && !text(&wrong.stderr).contains("canary"));
    let env = dev.env.clone();
    dev.end();
    let absent = einlass().arg("token").envs(&env).output().unwrap();
    assert_eq!(absent.status.code(), Some(5), "{}", text(&absent.stderr));
}

#[test]
fn a_plain_url_beyond_loopback_is_refused_before_anything_is_sent() {
    let output = einlass()
        .arg("token")
        .envs([("EINLASS_URL", "http://192.0.2.1"), ("CLIENT_ID", "a"), ("CLIENT_SECRET", "b")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("https"), "{}", text(&output.stderr));
}

#[test]
fn policy_explains_what_a_call_needs_with_and_without_a_platform() {
    let data = folder();
    let dev = Dev::start(data.path());
    let asked = dev.einlass(&["policy", "explain", "POST", "/erp/v2/returns"]);
    let alone = einlass().args(["policy", "explain", "post", "/erp/v2/returns"]).output().unwrap();
    assert_eq!(text(&asked.stdout), text(&alone.stdout));
    let words = text(&alone.stdout);
    assert!(words.contains("Return_CreateReturn") && words.contains("returns.write"), "{words}");

    // A refusal that is explained is an answer.
    let typo = einlass().args(["policy", "explain", "GET", "/erp/v2/retruns"]).output().unwrap();
    assert_eq!(typo.status.code(), Some(0));
    assert!(text(&typo.stdout).contains("/v2/returns"), "{}", text(&typo.stdout));
    for unusable in ["/erp/v2/../x", "/v2/returns"] {
        let output = einlass().args(["policy", "explain", "GET", unusable]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{unusable}");
    }
    let unknown = einlass().args(["policy", "explain", "GET", "/x", "--openapi", "/nowhere.json"]).output();
    assert_eq!(unknown.unwrap().status.code(), Some(2));
}

#[test]
fn policy_lint_reports_findings_by_its_exit_code_and_as_json() {
    let data = folder();
    let file = |name: &str, content: &str| {
        let path = data.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let clean =
        file("clean.yaml", "openapi: 3.0.0\npaths: { /a: { get: { security: [{ Wawi: [items.read] }] } } }");
    let odd = file("odd.json", r#"{"openapi": "3.1.0", "paths": {"/b": {"get": {}}}}"#);
    let (scopes, none) = (file("scopes.txt", "# ours\nItems.Read\n\n"), file("none.txt", "x.y\n"));
    let lint = |arguments: &[&std::path::Path]| {
        let mut command = einlass();
        command.args(["policy", "lint"]).args(arguments).output().unwrap()
    };
    let flag = std::path::Path::new;

    let output = lint(&[flag("--openapi"), &clean, flag("--scopes"), &scopes]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));

    let output =
        lint(&[flag("--openapi"), &clean, &odd, flag("--scopes"), &none, flag("--format"), flag("json")]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let kinds: Vec<_> = found["findings"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["unknown-scope", "no-security"]);
    assert_eq!(found["findings"][1]["pointer"], "/paths/~1b/get");

    let output = lint(&[flag("--openapi"), &odd]);
    assert!(text(&output.stdout).contains("odd.json#/paths/~1b/get: says nothing"));

    let broken = file("broken.txt", "a.b\nno scope\n");
    let output = lint(&[flag("--openapi"), &clean, flag("--scopes"), &broken]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("broken.txt:2: `no scope` is not a scope"));
    assert_eq!(lint(&[flag("--openapi"), flag("/nowhere.json")]).status.code(), Some(2));
}
