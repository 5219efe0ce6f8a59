//! What goes wrong, and what the operator is told.

use crate::kit::{einlass, folder, text};
use crate::stub::{Stub, TOKEN};

#[test]
fn a_refusal_is_the_platforms_message_its_request_id_and_an_exit_code() {
    let refusals = [
        (400, 2, ""),
        (401, 4, "EINLASS_ADMIN_TOKEN"),
        (403, 4, ""),
        (404, 1, "`list`"),
        (409, 1, ""),
        (503, 5, ""),
    ];
    for (status, code, advice) in refusals {
        let stub = Stub::start(move |_| (status, r#"{"error": "x", "message": "so it is"}"#.into()));
        let output = stub.einlass(&["tenant", "create", "bikes"]);
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{status}: {complaint}");
        assert!(complaint.contains(&format!("so it is ({status}, request id request-1)")), "{complaint}");
        assert!(complaint.contains(advice) && !complaint.contains(TOKEN), "{complaint}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let stub = Stub::start(|_| (307, String::new()));
    assert_eq!(stub.einlass(&["key", "list"]).status.code(), Some(1));
    assert_eq!(stub.asked().len(), 1);
}

#[test]
fn who_is_no_platform_is_told_apart() {
    let stub = Stub::start(|_| (200, "<html>".into()));
    let output = stub.einlass(&["key", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("not the administration API"), "{}", text(&output.stderr));
}

#[test]
fn an_absent_platform_and_missing_values_have_their_own_exit_codes() {
    let absent = einlass()
        .args(["app", "list"])
        .envs([("EINLASS_URL", "http://127.0.0.1:1"), ("ADMIN_TOKEN", TOKEN)])
        .output()
        .unwrap();
    assert_eq!(absent.status.code(), Some(5), "{}", text(&absent.stderr));
    assert!(text(&absent.stderr).contains("nobody listens"));

    let nowhere = einlass().args(["app", "list"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(4));
    assert!(text(&nowhere.stderr).contains("EINLASS_ADMIN_URL") && text(&nowhere.stderr).contains("dev.env"));

    let nobody = einlass().args(["app", "list"]).env("EINLASS_URL", "http://127.0.0.1:1").output().unwrap();
    assert_eq!(nobody.status.code(), Some(4));
    assert!(text(&nobody.stderr).contains("admin-token claim"));

    let plain = einlass()
        .args(["app", "list"])
        .envs([("EINLASS_URL", "http://192.0.2.1"), ("ADMIN_TOKEN", TOKEN)])
        .output()
        .unwrap();
    assert_eq!(plain.status.code(), Some(4));
    assert!(text(&plain.stderr).contains("https"), "{}", text(&plain.stderr));
}

#[test]
fn who_does_not_speak_tls_is_not_told_to_be_absent() {
    let stub = Stub::start(|_| (200, "{}".into()));
    let url = stub.url.replace("http://", "https://");
    let output = einlass()
        .args(["app", "list"])
        .envs([("EINLASS_URL", url.as_str()), ("ADMIN_TOKEN", TOKEN)])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("nobody listens"), "{}", text(&output.stderr));
}

#[test]
fn the_token_may_be_in_a_file() {
    let data = folder();
    let file = data.path().join("token");
    std::fs::write(&file, "from-a-file\n").unwrap();
    let stub = Stub::start(|_| (200, r#"{"items": []}"#.into()));
    let mut command = stub.command(&["key", "list"]);
    command.env_remove("EINLASS_ADMIN_TOKEN").env("EINLASS_ADMIN_TOKEN_FILE", &file);
    assert!(command.output().unwrap().status.success());
    assert_eq!(stub.asked()[0].authorization.as_deref(), Some("Bearer from-a-file"));

    std::fs::write(&file, "canary\ncanary\n").unwrap();
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("no token") && !text(&output.stderr).contains("canary"));
    assert_eq!(stub.asked(), []);
}

#[test]
fn a_secret_where_a_name_belongs_is_neither_sent_nor_repeated() {
    let stub = Stub::start(|_| (200, "{}".into()));
    let commands: [&[&str]; 4] = [
        &["secret", "revoke", "ein_cs_canary"],
        &["admin-token", "revoke", "ein_at_canary"],
        &["app", "show", "EIN_CS_canary"],
        &["install", "list", "--app", "ein_cs_canary"],
    ];
    for arguments in commands {
        let output = stub.einlass(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!text(&output.stderr).contains("canary"), "{}", text(&output.stderr));
    }
    assert_eq!(stub.asked(), []);
}

#[test]
fn whose_installations_must_be_said_once() {
    let stub = Stub::start(|_| (200, "{}".into()));
    assert_eq!(stub.einlass(&["install", "list"]).status.code(), Some(2));
    assert_eq!(stub.einlass(&["install", "list", "--app", "a", "--tenant", "t"]).status.code(), Some(2));
    assert_eq!(stub.asked(), []);
}
