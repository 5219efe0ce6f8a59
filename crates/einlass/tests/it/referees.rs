//! Clients that we did not write, against a running platform. `cargo xtask test` installs them.

use crate::kinds_and_doors::app_token_of_somebody;
use crate::kit::{Dev, folder, get, text};
use einlass_protocol::oauth::Generation;
use std::path::{Path, PathBuf};
use std::process::Command;

fn referees() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/referees")
}

fn python() -> PathBuf {
    referees().join("python/venv/bin/python")
}

fn referee(program: &Path, script: &str) {
    let data = folder();
    judge(&Dev::start(data.path()), program, script, &[]);
}

/// The same for one of its issuers, which the script finds in `ISSUER`.
fn referee_at(issuer: Generation, program: &Path, script: &str) {
    let data = folder();
    let dev = Dev::start(data.path());
    judge(&dev, program, script, &[("ISSUER", &issuer.issuer(&dev.env["JTL_AUTH_BASE"]))]);
}

/// The same for a platform that runs already, with something more in the environment.
fn judge(dev: &Dev, program: &Path, script: &str, more: &[(&str, &str)]) {
    let output = Command::new(program)
        .arg(referees().join(script))
        .envs(&dev.env)
        .envs(more.iter().copied())
        .output()
        .unwrap_or_else(|fault| panic!("{}: {fault}; run `cargo xtask test`", program.display()));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn openid_client_and_jose_are_content() {
    referee(Path::new("node"), "node/openid_client.mjs");
}

#[test]
fn openid_client_is_content_with_what_people_grant_at_the_first_issuer() {
    referee_at(Generation::A, Path::new("node"), "node/user_bound.mjs");
}

#[test]
fn openid_client_is_content_with_what_people_grant_at_the_second_issuer() {
    referee_at(Generation::B, Path::new("node"), "node/user_bound.mjs");
}

#[test]
fn authlib_is_content_with_what_people_grant_at_the_first_issuer() {
    referee_at(Generation::A, &python(), "python/user_bound.py");
}

#[test]
fn authlib_is_content_with_what_people_grant_at_the_second_issuer() {
    referee_at(Generation::B, &python(), "python/user_bound.py");
}

#[test]
fn the_first_issuer_answers_as_oidc_provider_does_but_where_it_says_why() {
    referee_at(Generation::A, Path::new("node"), "node/oracle.mjs");
}

#[test]
fn the_second_issuer_answers_as_oidc_provider_does_but_where_it_says_why() {
    referee_at(Generation::B, Path::new("node"), "node/oracle.mjs");
}

#[test]
fn the_documented_code_works_with_only_the_host_changed() {
    referee(Path::new("node"), "node/documented.mjs");
}

#[test]
fn jose_accepts_an_app_token_as_newer_backends_do() {
    let data = folder();
    let dev = Dev::start(data.path());
    judge(&dev, Path::new("node"), "node/app_token.mjs", &[("APP_TOKEN", &app_token_of_somebody(&dev))]);
}

#[test]
fn jose_accepts_a_session_token_in_each_way_that_backends_have() {
    let data = folder();
    let dev = Dev::start(data.path());
    judge(&dev, Path::new("node"), "node/session_token.mjs", &[("SESSION_TOKEN", &dev.session_token())]);
}

#[test]
fn authlib_and_pyjwt_are_content() {
    referee(&python(), "python/authlib_client.py");
}

/// How many requests of each kind are made up for each operation, when it is to be more than the suite has time for.
const EXAMPLES: &str = "EINLASS_TEST_EXAMPLES";

#[test]
fn schemathesis_finds_no_answer_of_the_administration_that_its_document_does_not_promise() {
    let data = folder();
    let dev = Dev::start(data.path());
    let python = referees().join("python");
    let mut judge = Command::new(python.join("venv/bin/schemathesis"));
    judge.arg("--no-color").arg("--config-file").arg(python.join("schemathesis.toml"));
    judge.args(["run", &format!("{}/admin/api/openapi.yaml", dev.url())]);
    match std::env::var(EXAMPLES) {
        Ok(examples) => judge.args(["--max-examples", &examples]),
        Err(_) => judge.args(["--max-examples", "5", "--generation-deterministic"]),
    };
    let output = judge
        .envs(&dev.env)
        .current_dir(data.path())
        .output()
        .unwrap_or_else(|fault| panic!("schemathesis: {fault}; run `cargo xtask test`"));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    // Had it ended its own token, all that came after would have said nothing.
    let administrator = format!("Bearer {}", dev.env["ADMIN_TOKEN"]);
    let keys = get(&format!("{}/admin/api/keys", dev.url()), &[("Authorization", &administrator)]);
    assert_eq!(keys.0, 200);
}

#[test]
fn an_on_premise_app_written_from_the_wire_alone_is_content() {
    referee(&python(), "python/onprem_client.py");
}

#[test]
fn a_channel_and_a_seller_written_from_the_wire_alone_are_content() {
    referee(&python(), "python/scx_client.py");
}
