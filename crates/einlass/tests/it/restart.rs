//! What a platform keeps from start to start.

use crate::kit::{Dev, einlass, folder, text};
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
    let output = einlass()
        .args(["dev", "--listen", "127.0.0.1:0", "--data"])
        .arg(crate::kit::platform(data.path()))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("keeps"), "{}", text(&output.stderr));
}

#[test]
fn what_a_merchant_removed_does_not_come_back_with_a_restart() {
    let data = folder();
    let before = Dev::start(data.path());
    let app = jwt_claim(&before.token(), "app_id");
    let path = format!("/admin/api/tenants/{}/installations/{app}", before.env["TENANT_ID"]);
    let status = request("DELETE", before.url(), &path, &before.env["ADMIN_TOKEN"]);
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

fn request(method: &str, url: &str, path: &str, token: &str) -> u16 {
    use std::io::{Read, Write};
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n");
    write!(stream, "{head}Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
