//! What a platform keeps from start to start.

use crate::kit::{Dev, folder, platform, refused_start, send};
use std::net::TcpListener;

#[test]
fn a_second_start_has_the_same_values_keys_and_port_and_old_tokens_work() {
    let data = folder();
    let before = Dev::start(data.path());
    let (env, token) = (before.env.clone(), before.token());
    before.end();

    let after = Dev::start(data.path());
    assert_eq!(after.env, env);
    assert_eq!(after.call("/erp/v2/info", &token), 200);
    assert_eq!(after.call("/erp/v2/info", &after.token()), 200);
}

#[test]
fn a_killed_platform_comes_back_as_it_was() {
    let data = folder();
    let before = Dev::start(data.path());
    let (env, token) = (before.env.clone(), before.token());
    before.kill();

    let after = Dev::start(data.path());
    assert_eq!(after.env, env);
    assert_eq!(after.call("/erp/v2/info", &token), 200);
}

#[test]
fn a_kept_port_that_is_taken_is_an_error_and_no_other_port_is_picked() {
    let data = folder();
    let dev = Dev::start(data.path());
    let address = dev.url().strip_prefix("http://").unwrap().to_owned();
    dev.end();
    let _taken = TcpListener::bind(&address).unwrap();
    let (code, complaint) = refused_start(&platform(data.path()), "127.0.0.1:0", &[]);
    assert_eq!(code, 1, "{complaint}");
    assert!(complaint.contains("keeps"), "{complaint}");
}

#[test]
fn what_a_merchant_removed_does_not_come_back_with_a_restart() {
    let data = folder();
    let before = Dev::start(data.path());
    let app = jwt_claim(&before.token(), "app_id");
    let (url, tenant) = (before.url(), &before.env["TENANT_ID"]);
    let admin = format!("Bearer {}", before.env["ADMIN_TOKEN"]);
    let installation = format!("{url}/admin/api/tenants/{tenant}/installations/{app}");
    let (status, _) = send("DELETE", &installation, &[("Authorization", &admin)], "");
    assert_eq!(status, 204);
    assert_eq!(before.call("/erp/v2/info", &before.token()), 403);
    before.end();

    let after = Dev::start(data.path());
    assert_eq!(after.call("/erp/v2/info", &after.token()), 403);
}

fn jwt_claim(token: &str, name: &str) -> String {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    claims[name].as_str().unwrap().to_owned()
}
