//! What the commands print.

use crate::kit::{einlass, text};
use crate::stub::Stub;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

/// An API with this many apps, in pages of two however many are asked for.
fn apps(number: usize) -> Stub {
    Stub::start(move |asked| {
        let after = asked.line.split("after=").nth(1).map_or(0, |after| after.parse().unwrap());
        let app = |n| {
            json!({"id": format!("app-{n}"), "technical_name": format!("name-{n}"), "name": "",
                             "organisation": "o", "scopes": "a.x"})
        };
        let end = number.min(after + 2);
        let next = (end < number).then(|| end.to_string());
        (200, json!({"items": (after..end).map(app).collect::<Vec<_>>(), "next": next}).to_string())
    })
}

#[test]
fn a_list_is_a_table_of_all_its_pages() {
    let stub = apps(5);
    let output = stub.einlass(&["app", "list"]);
    let expected = "\
ID     NAME    TITLE  ORGANISATION  SCOPES
app-0  name-0  -      o             a.x
app-1  name-1  -      o             a.x
app-2  name-2  -      o             a.x
app-3  name-3  -      o             a.x
app-4  name-4  -      o             a.x
";
    assert_eq!((text(&output.stdout), text(&output.stderr)), (expected, ""));
    assert_eq!(stub.asked().len(), 3);
}

#[test]
fn a_limit_ends_it() {
    let stub = apps(5);
    let output = stub.einlass(&["app", "list", "--limit", "3"]);
    assert_eq!(text(&output.stdout).lines().count(), 1 + 3);
    let lines: Vec<_> = stub.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines, ["GET /admin/api/apps?limit=3", "GET /admin/api/apps?limit=1&after=2"]);
    assert_eq!(stub.einlass(&["app", "list", "--limit", "0"]).status.code(), Some(2));
}

#[test]
fn json_is_an_object_a_line() {
    let stub = apps(3);
    for arguments in [["app", "list", "--format", "json"], ["app", "--format", "json", "list"]] {
        let output = stub.einlass(&arguments);
        let objects: Vec<Value> =
            text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects.len(), 3);
        assert_eq!(objects[2]["id"], "app-2");
    }
    assert_eq!(text(&apps(0).einlass(&["app", "list", "--format", "json"]).stdout), "");
}

#[test]
fn a_platform_that_pages_in_a_circle_is_an_error() {
    let stub = Stub::start(|_| (200, r#"{"items": [], "next": "1"}"#.into()));
    assert_eq!(stub.einlass(&["audit"]).status.code(), Some(1));
}

#[test]
fn who_has_read_enough_ends_a_list_without_end() {
    let stub = apps(usize::MAX);
    let mut child = stub.command(&["app", "list"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut header = String::new();
    reader.read_line(&mut header).unwrap();
    assert!(header.starts_with("ID"), "{header}");
    drop(reader);
    let ended = (0..3_000).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        child.try_wait().unwrap().is_some()
    });
    if !ended {
        child.kill().unwrap();
    }
    assert!(ended && child.wait().unwrap().success());
}

#[test]
fn a_created_secret_is_a_line_that_a_shell_can_read() {
    let secret = json!({"id": "s-1", "client": "c-1", "name": "spring", "created_at": "2026-01-02T03:04:05.678Z",
                        "expires_at": null, "last_used_at": null, "revoked_at": null});
    let stub = Stub::start(move |_| (201, json!({"secret": secret, "client_secret": "canary"}).to_string()));
    let output = stub.einlass(&["secret", "create", "c-1", "spring"]);
    let expected = "\
ID   NAME    CREATED               EXPIRES  LAST USED  REVOKED
s-1  spring  2026-01-02T03:04:05Z  never    -          -

CLIENT_ID=c-1
SECRET_ID=s-1
CLIENT_SECRET=canary
";
    assert_eq!(text(&output.stdout), expected);
    assert!(text(&output.stderr).contains("shown this once") && !text(&output.stderr).contains("canary"));

    let output = stub.einlass(&["secret", "create", "c-1", "spring", "--format", "json"]);
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&object["client_secret"], &object["secret"]["id"]), (&json!("canary"), &json!("s-1")));
}

#[test]
fn a_new_app_and_a_new_client_come_with_what_opens_the_token_endpoint() {
    let answer = json!({"app": {"id": "a-1"}, "client": {"id": "c-1"}, "client_id": "c-1", "secret_id": "s-1",
                        "client_secret": "canary"});
    let stub = Stub::start(move |_| (201, answer.to_string()));
    for arguments in [["app", "create", "tracker"], ["client", "create", "tracker"]] {
        let output = stub.einlass(&arguments);
        let expected = "\nCLIENT_ID=c-1\nSECRET_ID=s-1\nCLIENT_SECRET=canary\n";
        assert!(text(&output.stdout).ends_with(expected), "{}", text(&output.stdout));
    }
}

#[test]
fn a_master_key_is_64_hexadecimal_digits_and_another_each_time() {
    let make = || einlass().args(["key", "generate-master"]).output().unwrap();
    let (one, other) = (make(), make());
    let key = text(&one.stdout).trim_end();
    assert!(key.len() == 64 && key.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert_ne!(one.stdout, other.stdout);
    assert!(text(&one.stderr).contains("umask 077") && !text(&one.stderr).contains(key));
}
