//! `einlass config`.

use crate::kit::{einlass, folder, text};
use std::fs;
use std::path::Path;
use std::process::Output;

const RIGHT: &str = r#"public_url = "http://localhost:8480"
[[listener]]
address = "127.0.0.1:8480"
[[upstream]]
prefix = "/erp"
url = "http://127.0.0.1:5883"
openapi = ["erp.yaml"]
"#;

/// Runs it with a master key in the environment.
fn config(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = einlass();
    command.arg("config").args(arguments).current_dir(folder);
    command.env("EINLASS_KEYS_MASTER_KEY", "0f".repeat(32)).output().unwrap()
}

fn written(toml: &str) -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("einlass.toml"), toml).unwrap();
    let document =
        "openapi: 3.0.0\npaths: { /a: { get: { security: [{ Wawi: [items.read] }] } }, /b: { get: {} } }\n";
    fs::write(folder.path().join("erp.yaml"), document).unwrap();
    folder
}

#[test]
fn check_says_in_one_line_what_is_right() {
    let folder = written(RIGHT);
    let output = config(folder.path(), &["check"]);
    let counts = "1 listener, 1 upstream with 2 operations, 1 finding of `policy lint`";
    assert_eq!(text(&output.stdout), format!("einlass.toml: right; {counts}\n"));
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    // Nothing was made, least of all a database.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn check_says_everything_that_is_wrong() {
    let folder = written(&RIGHT.replace("erp.yaml", "erp.json").replace("address", "adress"));
    fs::rename(folder.path().join("einlass.toml"), folder.path().join("other.toml")).unwrap();
    let output = config(folder.path(), &["check", "--config", "other.toml"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    let lines: Vec<_> = text(&output.stderr).lines().collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert_eq!(lines[0], "einlass: the configuration has 3 faults");
    assert_eq!(lines[1], "other.toml:2: listener.address: missing; say where it listens, as 0.0.0.0:443");
    assert_eq!(lines[2], "other.toml:3: listener.adress: unknown; did you mean address?");
    assert!(
        lines[3].starts_with("other.toml:7: upstream.openapi: erp.json cannot be read: "),
        "{}",
        lines[3]
    );
}

#[test]
fn show_prints_what_holds_and_no_secret() {
    let folder = written(RIGHT);
    let output = config(folder.path(), &["show", "--origin"]);
    let shown = text(&output.stdout);
    assert!(shown.starts_with("public_url = \"http://localhost:8480\"  # einlass.toml:1\n"), "{shown}");
    assert!(shown.contains("\n[keys]\nmaster_key = \"(set)\"  # EINLASS_KEYS_MASTER_KEY\n"), "{shown}");
    assert!(shown.contains("\nmode = \"enforce\"  # default\n") && !shown.contains("0f0f"), "{shown}");
    let plain = config(folder.path(), &["show"]);
    assert!(text(&plain.stdout).contains("\nmode = \"enforce\"\n"));
    assert_eq!((output.status.code(), plain.status.code()), (Some(0), Some(0)));
}

#[test]
fn check_remarks_on_what_is_hardly_meant() {
    let folder = written(RIGHT);
    let mut command = einlass();
    command.args(["config", "check"]).current_dir(folder.path()).env("EINLASS_TOKENS_AUDIENC", "erp");
    let output = command.env("EINLASS_KEYS_MASTER_KEY", "0f".repeat(32)).output().unwrap();
    let remark = "EINLASS_TOKENS_AUDIENC: nothing heeds it; did you mean EINLASS_TOKENS_AUDIENCE?\n";
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), remark));
}
