//! The pages, as people and their attackers use them: in a real browser, driven by `tests/browser`. Pictures of every
//! page are left in `target/pages`.

use crate::kit::{Dev, einlass, folder, get, send, text};
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
fn one_sign_in_opens_every_surface_and_signing_out_closes_all() {
    told("surfaces.mjs", &[]);
}

#[test]
fn an_admin_waits_for_an_app_chooses_what_it_may_and_ends_it() {
    told("onprem.mjs", &[]);
}

#[test]
fn a_partner_registers_an_app_changes_its_secret_while_calls_go_on_and_has_it_published() {
    told("portal.mjs", &[]);
}

#[test]
fn an_operator_publishes_an_app_reads_the_audit_and_shuts_an_app_out() {
    told("console.mjs", &[]);
}

#[test]
fn an_operator_ends_each_thing_from_its_page_and_the_gateway_refuses_at_once() {
    told("ends.mjs", &[]);
}

#[test]
fn a_merchant_installs_an_app_uses_it_and_ends_it() {
    told("hub.mjs", &[]);
}

#[test]
fn the_pages_of_the_guide_for_cloud_apps_work_in_the_hub() {
    told("guide.mjs", &[]);
}

#[test]
fn a_frame_that_went_elsewhere_gets_no_bridge() {
    told("frames.mjs", &["origin"]);
}

#[test]
fn a_second_handshake_loses_nothing() {
    told("frames.mjs", &["again"]);
}

#[test]
fn a_frame_that_floods_its_bridge_loses_it() {
    told("frames.mjs", &["flood"]);
}

#[test]
fn a_huge_message_does_no_harm() {
    told("frames.mjs", &["huge"]);
}

#[test]
fn a_method_called_proto_is_none() {
    told("frames.mjs", &["proto"]);
}

#[test]
fn a_frame_that_comes_back_gets_a_bridge_again() {
    told("frames.mjs", &["away"]);
}

#[test]
fn a_page_of_a_registered_origin_reads_what_it_asked_for_and_no_other_page_does() {
    told("cors.mjs", &[]);
}

#[test]
fn both_ends_of_the_bridge_hold_the_protocol() {
    npm(&["run", "--silent", "unit"]);
}

#[test]
fn scripts_have_the_types_that_they_say() {
    npm(&["run", "--silent", "types"]);
}

fn npm(arguments: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser");
    let output = Command::new("npm").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
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

#[test]
fn who_is_not_let_in_is_one_line_in_the_log_without_what_was_typed() {
    let data = folder();
    let dev = Dev::start(data.path());
    let url = dev.url().to_owned();
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", &*url)];
    for email in [&*dev.env["MERCHANT_EMAIL"], "canary-typed-as-address@a.example"] {
        let body = format!("email={email}&password=canary-typed-as-password");
        assert_eq!(send("POST", &format!("{url}/login"), &form, &body).0, 422);
    }
    dev.end();
    let log = std::fs::read_to_string(data.path().join("test.log")).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("wrong password")).collect();
    assert_eq!(lines.len(), 2, "{log}");
    for part in ["WARN einlass::people: refused", "address=127.0.0.1", "request_id="] {
        assert!(lines.iter().all(|line| line.contains(part)), "{part} is missing: {lines:?}");
    }
    assert!(!log.contains("canary"), "{log}");
}

#[test]
fn no_other_secret_stands_in_for_a_session() {
    let data = folder();
    let dev = Dev::start(data.path());
    let token = String::from_utf8(einlass().arg("token").envs(&dev.env).output().unwrap().stdout).unwrap();
    let others = ["ADMIN_TOKEN", "CLIENT_SECRET", "MERCHANT_PASSWORD", "SCX_REFRESH_TOKEN"];
    let others = others.iter().map(|name| dev.env[*name].as_str()).chain([token.trim()]);
    for other in others {
        let (cookie, bearer) = (format!("einlass={other}"), format!("Bearer {other}"));
        for header in [("Cookie", &*cookie), ("Authorization", &*bearer)] {
            assert_eq!(get(&format!("{}/me", dev.url()), &[header]).0, 303, "{}", header.0);
        }
    }
    dev.end();
}
