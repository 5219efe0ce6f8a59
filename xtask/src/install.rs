//! What tests and benchmark need and a fresh Debian machine with Rust does not have. What is there is left alone.

use crate::shell::{Outcome, cargo, program, root, run, say, succeeds};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package of Debian's, and whether what is wanted of it is there.
type Need = (&'static str, bool);

/// What the tests need.
pub(crate) fn everything() -> Outcome {
    let mut needs = languages_and_database();
    needs.extend([
        ("libfaketime", has_faketime()),
        ("openssl", succeeds(&mut program("openssl", ["version"]))),
        ("curl", succeeds(&mut program("curl", ["--version"]))),
        ("chromium", succeeds(&mut program("chromium", ["--version"]))),
    ]);
    debian_packages(&needs)?;
    nextest()?;
    node_packages(&root().join("tests/browser"))?;
    node_packages(&root().join("tests/referees/node"))?;
    python_packages(&root().join("tests/referees/python"))
}

/// What the benchmark can use. It goes on without what cannot be installed, and its report says so.
pub(crate) fn alternatives() {
    let mut needs = languages_and_database();
    needs.extend([
        ("nginx-light", succeeds(&mut program("nginx", ["-v"]))),
        ("haproxy", succeeds(&mut program("haproxy", ["-v"]))),
    ]);
    let mut outcomes: Vec<Outcome> = needs.into_iter().map(|need| debian_packages(&[need])).collect();
    outcomes.push(node_packages(&root().join("benches/peers/node")));
    outcomes.push(python_packages(&root().join("benches/peers/python")));
    for fault in outcomes.into_iter().filter_map(Outcome::err) {
        say(&format!("going on without: {fault}"));
    }
}

fn languages_and_database() -> Vec<Need> {
    vec![
        ("postgresql", crate::postgres::binaries().is_some()),
        ("nodejs", succeeds(&mut program("node", ["--version"]))),
        ("npm", succeeds(&mut program("npm", ["--version"]))),
        ("python3-venv", succeeds(&mut program("python3", ["-c", "import venv, ensurepip"]))),
    ]
}

fn debian_packages(needs: &[Need]) -> Outcome {
    let missing: Vec<&str> = needs.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    run(as_root("apt-get").arg("update"))?;
    run(as_root("apt-get").args(["install", "--yes", "--no-install-recommends"]).args(missing))
}

/// The library that sets a process's clock forward, wherever this architecture keeps it.
fn has_faketime() -> bool {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders.into_iter().any(|folder| folder.path().join("faketime/libfaketimeMT.so.1").is_file())
}

fn as_root(name: &str) -> Command {
    if succeeds(&mut program("sh", ["-c", "test \"$(id -u)\" = 0"])) {
        return Command::new(name);
    }
    program("sudo", [name])
}

/// The test runner.
fn nextest() -> Outcome {
    if succeeds(&mut cargo(["nextest", "--version"])) {
        return Ok(());
    }
    run(&mut cargo(["install", "--locked", "cargo-nextest"]))
}

/// The pinned npm packages.
fn node_packages(folder: &Path) -> Outcome {
    once_per(folder, "package-lock.json", "node_modules", || {
        run(program("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))
    })
}

/// The pinned PyPI packages, in an environment of their own.
fn python_packages(folder: &Path) -> Outcome {
    once_per(folder, "requirements.txt", "venv", || {
        run(program("python3", ["-m", "venv", "--clear", "venv"]).current_dir(folder))?;
        let pip = folder.join("venv/bin/pip");
        run(program(pip, ["install", "--quiet", "--requirement", "requirements.txt"]).current_dir(folder))
    })
}

/// Installs unless `target` was installed from what `list` says now.
fn once_per(folder: &Path, list: &str, target: &str, install: impl Fn() -> Outcome) -> Outcome {
    let wanted = read(&folder.join(list))?;
    let stamp: PathBuf = folder.join(target).join("installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(&stamp, wanted).map_err(|fault| format!("{}: {fault}", stamp.display()))
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|fault| format!("{}: {fault}", path.display()))
}
