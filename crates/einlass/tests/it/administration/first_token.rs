//! `einlass admin-token claim`.

use crate::kit::{Dev, einlass, folder, platform, text};
use crate::stub::{Stub, with_input};
use einlass_client::clock::{Clock, SystemClock};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::Store;
use std::time::Duration;

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

#[tokio::test]
async fn a_platform_that_nobody_can_administer_takes_its_code_once() {
    let data = folder();
    let dev = Dev::start(data.path());
    assert!(dev.einlass(&["admin-token", "revoke", "dev"]).status.success());
    let code = Secret::from_entropy(SecretKind::OneTimeCode, &[7; 32]);
    let store = Store::open(&Store::sqlite_url(&platform(data.path()).join("einlass.db"))).await.unwrap();
    let until = SystemClock::new().wall().plus(Duration::from_hours(1));
    store.offer_first_operator_code(&SecretHash::of(&code), until).await.unwrap();
    let claim = || {
        let mut command = einlass();
        command.args(["admin-token", "claim", "--name", "anna"]);
        with_input(command, &format!("{}/admin/first#{}\n", dev.url(), code.expose()))
    };

    let claimed = claim();
    assert!(claimed.status.success(), "{}", text(&claimed.stderr));
    let (_, token) = text(&claimed.stdout).trim_end().rsplit_once("\nEINLASS_ADMIN_TOKEN=").unwrap();
    let mut list = einlass();
    list.args(["admin-token", "list"]).env("EINLASS_URL", dev.url()).env("EINLASS_ADMIN_TOKEN", token);
    let listed = list.output().unwrap();
    assert!(text(&listed.stdout).contains("anna"), "{}", text(&listed.stderr));

    let again = claim();
    assert_eq!(again.status.code(), Some(4));
    assert!(
        text(&again.stderr).contains("the code is wrong") && !text(&again.stderr).contains(code.expose())
    );
}
