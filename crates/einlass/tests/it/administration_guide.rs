//! The guide to administration, played from top to bottom.

use crate::kit::{Dev, folder, platform, text};
use std::path::Path;
use std::process::{Command, Stdio};

/// The shell blocks of a guide, as one script.
fn script(guide: &str) -> String {
    let blocks = guide.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap()).collect()
}

#[test]
fn the_guide_to_administration_works_as_it_is_written() {
    let data = folder();
    let _dev = Dev::start(data.path());
    std::os::unix::fs::symlink(platform(data.path()), data.path().join(".einlass")).unwrap();
    let script = script(include_str!("../../../../docs/administration.md"));
    assert!(script.lines().count() > 30, "the guide reads differently");
    let programs = Path::new(env!("CARGO_BIN_EXE_einlass")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-eu", "-c", &script])
        .current_dir(data.path())
        .env_clear()
        .env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").unwrap()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{shown}{said}");
    for secret in ["ein_cs_", "ein_at_", "eyJ"] {
        assert!(!shown.contains(secret) && !said.contains(secret), "{secret}: {shown}{said}");
    }
    let exported = std::fs::read_to_string(data.path().join("audit.jsonl")).unwrap();
    assert!(exported.lines().count() > 10, "{exported}");
}
