//! The repository's rules that no compiler knows.

use crate::shell::{cargo, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom. Tests may use more.
const ARROWS: [(&str, &[&str]); 7] = [
    ("einlass", &["einlass-client", "einlass-protocol", "einlass-proxy", "einlass-server", "einlass-store"]),
    ("einlass-client", &["einlass-protocol"]),
    ("einlass-protocol", &[]),
    ("einlass-proxy", &["einlass-client", "einlass-protocol"]),
    ("einlass-server", &["einlass-protocol", "einlass-store"]),
    ("einlass-store", &["einlass-protocol"]),
    ("xtask", &[]),
];

/// A second cryptographic library is a second set of faults; the others are what a licence or a lint forbids.
const BANNED: [&str; 5] = ["native-tls", "openssl", "openssl-sys", "ring", "serde_yaml"];
/// Who alone may bring in cryptography that is not ours: passkeys of every kind are checked by a library of their own.
const EXCEPTION: (&str, &[&str]) = ("rsa", &["crypto-glue"]);

/// Licences that go with ours.
const LICENCES: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

fn metadata() -> Value {
    let output = cargo(["metadata", "--format-version=1", "--locked"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("xtask"), root().join("benches/sdk/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() && !entry.ends_with("target") {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                found.push(entry);
            }
        }
    }
    assert!(found.len() > 50, "the search for sources finds none");
    found
}

fn offenders(is_fine: impl Fn(&Path, &str) -> bool) -> Vec<PathBuf> {
    let all = sources().into_iter().map(|path| (fs::read_to_string(&path).unwrap(), path));
    all.filter(|(text, path)| !is_fine(path, text)).map(|(_, path)| path).collect()
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent = offenders(|_, text| text.starts_with("//! ") || text.starts_with("//!\n"));
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn no_source_file_is_a_hall() {
    let long = offenders(|_, text| text.lines().count() <= 400);
    assert!(long.is_empty(), "over 400 lines: {long:#?}");
}

#[test]
fn lints_are_expected_to_fail_and_not_switched_off() {
    let attribute = ["#[", "allow("].concat();
    let inner = ["#![", "allow("].concat();
    let silenced = offenders(|_, text| !text.contains(&attribute) && !text.contains(&inner));
    assert!(silenced.is_empty(), "{silenced:#?}");
}

#[test]
fn crates_use_each_other_along_the_arrows_alone() {
    let metadata = metadata();
    let allowed = BTreeMap::from(ARROWS);
    let mut seen = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some(allowed) = allowed.get(name).filter(|_| package["source"].is_null()) else { continue };
        seen.insert(name);
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            let is_ours = ARROWS.iter().any(|(ours, _)| *ours == used);
            let is_for_tests = dependency["kind"] == "dev";
            assert!(!is_ours || is_for_tests || allowed.contains(&used), "{name} uses {used}");
        }
    }
    assert_eq!(seen.len(), ARROWS.len(), "a crate is missing from the arrows");
}

#[test]
fn nothing_banned_is_in_the_tree() {
    let everything = ["tree", "--workspace", "--locked", "--target=all", "--prefix=none", "--format={p}"];
    let output = cargo(everything).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("aws-lc-rs"), "the tree reads differently");
    let banned: Vec<&&str> = names.iter().filter(|name| BANNED.contains(*name)).collect();
    assert!(banned.is_empty(), "{banned:?}");
}

#[test]
fn the_exception_is_one_crates_alone() {
    let (name, users) = EXCEPTION;
    let using = [
        "tree",
        "--workspace",
        "--locked",
        "--target=all",
        "--depth=1",
        "--prefix=none",
        "--format={p}",
        "--invert",
    ];
    let output = cargo(using).arg(name).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let mut names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.remove(name), "the tree reads differently");
    let others: Vec<&&str> = names.iter().filter(|user| !users.contains(*user)).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn the_sdk_brings_no_web_framework_along() {
    let using =
        ["tree", "--package=einlass-client", "--edges=normal", "--locked", "--target=all", "--prefix=none"];
    let output = cargo(using).arg("--format={p}").current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("reqwest "), "the tree reads differently");
    let web: Vec<&str> = tree.lines().filter(|line| line.starts_with("axum")).collect();
    assert!(web.is_empty(), "{web:?}");
}

#[test]
fn every_licence_goes_with_ours() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} has no licence"));
        let fits = licence.split(" AND ").all(|part| {
            let part = part.trim_matches(['(', ')']).replace('/', " OR ");
            part.split(" OR ").any(|one| LICENCES.contains(&one.trim_matches(['(', ')', ' '])))
        });
        assert!(fits, "{name}: {licence}");
    }
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let sources: Vec<String> = sources().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let is_there = |name: &&str| sources.iter().any(|text| text.contains(&format!("fn {name}(")));
    for (document, fewest) in [("docs/threat-model.md", 40), ("docs/security-bcp.md", 30)] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        // Between back quotes, a name with several words is a test's.
        let quoted = text.split('`').skip(1).step_by(2);
        let named: BTreeSet<&str> = quoted.filter(|text| text.matches('_').count() > 1).collect();
        assert!(named.len() > fewest, "{document} reads differently");
        let missing: Vec<&&str> = named.iter().filter(|name| !is_there(name)).collect();
        assert!(missing.is_empty(), "{document}: {missing:#?}");
    }
}
