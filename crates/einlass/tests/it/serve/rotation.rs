//! Verifiers that keep the key set never see a rotation: `jose`, with its default cache, against `serve`.

use super::site::{Engine, Site};
use crate::kit::text;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What sets a process's clock forward; from Debian's package `libfaketime`, which `cargo xtask test` installs.
fn clock_library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().flatten().map(|entry| entry.path());
    let mut libraries = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.is_file()).unwrap()
}

#[test]
fn jose_with_its_default_cache_lives_through_a_rotation() {
    let site = Site::new(Engine::Sqlite, "[limits]\ntoken_requests_per_second = 10000\n");
    let clock = site.path("clock");
    fs::write(&clock, "+0\n").unwrap();
    let node = site.start_with(|command| {
        command
            .env("LD_PRELOAD", clock_library())
            .env("FAKETIME_TIMESTAMP_FILE", &clock)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1");
    });
    let admin = node.claim();
    let app = admin.must(&node.url, "POST", "/apps", json!({"technical_name": "verified"}));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/referees/node/rotation.mjs");
    let output = Command::new("node")
        .arg(script)
        .env("EINLASS_URL", &node.url)
        .env("ADMIN_TOKEN", &admin.token)
        .env("CLIENT_ID", app["client_id"].as_str().unwrap())
        .env("CLIENT_SECRET", app["client_secret"].as_str().unwrap())
        .env("CLOCK_FILE", &clock)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}{}{}", text(&output.stdout), text(&output.stderr), node.log());
}
