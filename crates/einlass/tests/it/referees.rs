//! Clients that we did not write, against a running platform. `cargo xtask test` installs them.

use crate::kit::{Dev, folder, text};
use std::path::{Path, PathBuf};
use std::process::Command;

fn referees() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/referees")
}

fn referee(program: &Path, script: &str) {
    let data = folder();
    let dev = Dev::start(data.path());
    let output = Command::new(program)
        .arg(referees().join(script))
        .envs(&dev.env)
        .output()
        .unwrap_or_else(|fault| panic!("{}: {fault}; run `cargo xtask test`", program.display()));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn openid_client_and_jose_are_content() {
    referee(Path::new("node"), "node/openid_client.mjs");
}

#[test]
fn the_documented_code_works_with_only_the_host_changed() {
    referee(Path::new("node"), "node/documented.mjs");
}

#[test]
fn authlib_and_pyjwt_are_content() {
    referee(&referees().join("python/venv/bin/python"), "python/authlib_client.py");
}
