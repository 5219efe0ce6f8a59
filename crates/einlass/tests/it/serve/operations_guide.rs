//! `docs/operations.md`, executed as it is written.

use super::site::free_port;
use super::upstream;
use crate::kit::{einlass, text};
use std::path::Path;

const GUIDE: &str = include_str!("../../../../../docs/operations.md");

/// The shell's blocks, in their order.
fn script() -> String {
    let mut blocks = GUIDE.split("```sh\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    // Nothing that a block starts may outlive it all.
    let first = "trap 'kill -KILL $(cat *.pid 2> /dev/null) 2> /dev/null || true' EXIT\n";
    blocks.by_ref().fold(first.to_owned(), |script, block| script + block)
}

#[test]
fn the_guide_works_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let executable = einlass().get_program().to_owned();
    let programs = Path::new(&executable).parent().unwrap().display().to_string();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    // A server of the test's own, under another name for the database: tests run beside each other.
    let server = std::env::var("EINLASS_TEST_POSTGRES").unwrap();
    let (user, at) = server.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
    let (host, port) = at.split_once('/').unwrap().0.split_once(':').unwrap();
    let mut shell = std::process::Command::new("sh");
    for variable in einlass().get_envs().filter(|(_, value)| value.is_none()) {
        shell.env_remove(variable.0);
    }
    let output = shell
        .args(["-eu", "-c", &script()])
        .current_dir(folder.path())
        .envs([("PATH", &*path), ("PGUSER", user), ("PGHOST", host), ("PGPORT", port)])
        .env("PUBLIC_URL", format!("https://localhost:{}", free_port()))
        .env("API_URL", format!("http://{}", upstream::start()))
        .envs(
            ["MANAGEMENT_PORT", "SECOND_PORT", "SECOND_MANAGEMENT_PORT"]
                .map(|name| (name, free_port().to_string())),
        )
        .output()
        .unwrap();
    let log =
        |name: &str| std::fs::read_to_string(folder.path().join("einlass").join(name)).unwrap_or_default();
    assert!(
        output.status.success(),
        "{}\n--\n{}\n--\n{}\n--\n{}",
        text(&output.stdout),
        text(&output.stderr),
        log("serve.log"),
        log("second.log")
    );
}
