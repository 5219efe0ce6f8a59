//! The pages, as people and their attackers use them: in a real browser, driven by `tests/browser`. Pictures of every
//! page are left in `target/pages`.

use crate::kit::{Dev, folder, text};
use std::path::Path;
use std::process::Command;

fn told(script: &str, what: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = folder();
    let dev = Dev::start(data.path());
    let output = Command::new("node")
        .arg(root.join("tests/browser").join(script))
        .args(what)
        .envs(&dev.env)
        .env("EINLASS_TEST_PICTURES", root.join("target/pages"))
        .output()
        .unwrap_or_else(|fault| panic!("node: {fault}; run `cargo xtask test`"));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn somebody_signs_in_without_script_and_ends_a_session_elsewhere() {
    told("sign_in.mjs", &[]);
}

#[test]
fn a_changed_password_ends_what_the_old_one_opened() {
    told("password.mjs", &[]);
}

#[test]
fn a_member_is_invited_promoted_helped_back_in_and_removed() {
    told("members.mjs", &[]);
}

#[test]
fn a_passkey_is_asked_for_after_the_password_and_a_lost_one_is_removed() {
    told("passkey.mjs", &[]);
}

#[test]
fn every_page_is_light_and_fit_for_readers_keyboards_and_phones_in_both_languages_and_themes() {
    told("looks.mjs", &[]);
}

#[test]
fn session_fixation_a_planted_cookie_does_not_become_the_victims() {
    told("hostile.mjs", &["fixation"]);
}

#[test]
fn csrf_a_form_of_another_site_changes_nothing() {
    told("hostile.mjs", &["csrf"]);
}

#[test]
fn clickjacking_no_page_is_shown_in_a_frame() {
    told("hostile.mjs", &["frame"]);
}

#[test]
fn open_redirect_signing_in_leads_to_this_host_alone() {
    told("hostile.mjs", &["redirect"]);
}

#[test]
fn cookie_scope_the_session_is_this_hosts_and_no_scripts() {
    told("hostile.mjs", &["cookie"]);
}
