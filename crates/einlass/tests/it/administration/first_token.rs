//! `einlass admin-token claim`.

use crate::kit::{einlass, text};
use crate::stub::{Stub, with_input};

const CREATED: &str = r#"{"admin_token": {"id": "t-1", "name": "first", "access": "full",
    "created_at": "2026-01-01T00:00:00Z", "expires_at": null, "revoked_at": null}, "token": "canary"}"#;

#[test]
fn a_link_says_where_the_platform_is() {
    let stub = Stub::start(|_| (201, CREATED.into()));
    let mut command = einlass();
    command.args(["admin-token", "claim"]);
    let output = with_input(command, &format!("{}/admin/first#ein_ot_code\n", stub.url));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("\nEINLASS_ADMIN_TOKEN=canary\n"), "{}", text(&output.stdout));
    let asked = stub.asked().remove(0);
    assert_eq!(asked.line, "POST /admin/api/admin-tokens/claim");
    assert_eq!(asked.body, r#"{"code":"ein_ot_code","name":"first"}"#);
    assert_eq!(asked.authorization, None);
}

#[test]
fn the_environment_says_so_before_the_link_and_a_code_will_do() {
    let stub = Stub::start(|_| (201, CREATED.into()));
    for input in ["https://192.0.2.1/admin/first#ein_ot_code", "ein_ot_code\n"] {
        let output = with_input(stub.command(&["admin-token", "claim", "--name", "anna"]), input);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let asked = stub.asked().remove(0);
        assert_eq!(asked.body, r#"{"code":"ein_ot_code","name":"anna"}"#);
        assert_eq!(asked.authorization, None, "no token is needed, and none is sent");
    }
    let mut nowhere = einlass();
    nowhere.args(["admin-token", "claim"]);
    assert_eq!(with_input(nowhere, "ein_ot_code\n").status.code(), Some(4));
}

#[test]
fn what_is_no_link_is_not_repeated() {
    let stub = Stub::start(|_| (201, CREATED.into()));
    for input in ["", "http://192.0.2.1/admin/first#canary", "canary canary"] {
        let output = with_input(stub.command(&["admin-token", "claim"]), input);
        assert_eq!(output.status.code(), Some(2), "{input:?}");
        assert!(!text(&output.stderr).contains("canary"));
    }
    assert_eq!(stub.asked(), []);
}
