//! The demonstration app that `einlass dev` serves, and the session tokens that it lives on.

use crate::kit::{Dev, einlass, folder, get, platform, send, text};
use crate::stub::Stub;
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// What the app's backend answers to whoever has this token, at a page's own endpoint.
fn asked(dev: &Dev, path: &str, token: &str) -> (u16, Value) {
    let authorization = format!("Bearer {token}");
    let (status, body) =
        get(&format!("{}{path}", dev.env["APP_URL"]), &[("Authorization", authorization.as_str())]);
    (status, serde_json::from_str(&body).unwrap_or_default())
}

fn connected(dev: &Dev, token: &str) -> (u16, Value) {
    let body = json!({ "sessionToken": token }).to_string();
    let (status, body) = send("POST", &format!("{}/connect-tenant", dev.env["APP_URL"]), &JSON, &body);
    (status, serde_json::from_str(&body).unwrap_or_default())
}

#[test]
fn its_pages_are_at_an_origin_of_their_own() {
    let data = folder();
    let dev = Dev::start(data.path());
    let app = &dev.env["APP_URL"];
    assert!(app.starts_with("http://localhost:"), "{app}");
    for path in ["/", "/setup", "/stock", "/customer", "/app.css", "/appbridge/src/index.js"] {
        assert_eq!(get(&format!("{app}{path}"), &[]).0, 200, "{path}");
    }
    // What the scripts import is there.
    for script in ["/setup.js", "/stock.js", "/customer.js", "/backend.js", "/appbridge/src/index.js"] {
        let (_, text) = get(&format!("{app}{script}"), &[]);
        let folder = script.rsplit_once('/').unwrap().0;
        for import in text.lines().filter(|line| line.starts_with("import ")) {
            let name = import.split('\'').nth(1).unwrap().trim_start_matches('.');
            assert_eq!(get(&format!("{app}{folder}{name}"), &[]).0, 200, "{script}: {import}");
        }
    }
    assert_eq!(get(&format!("{}/setup", dev.url()), &[]).0, 404);
}

#[test]
fn it_is_found_where_it_is_and_told_where_it_was() {
    let data = folder();
    let first = Dev::start(data.path());
    let origin = first.env["APP_URL"].clone();
    first.end();
    // Its port is somebody else's now.
    let port = origin.rsplit_once(':').unwrap().1;
    let _taken = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let dev = Dev::start(data.path());
    assert_ne!(dev.env["APP_URL"], origin);
    assert_eq!(get(&format!("{}/setup", dev.env["APP_URL"]), &[]).0, 200);
    let administrator = format!("Bearer {}", dev.env["ADMIN_TOKEN"]);
    let url = format!("{}/admin/api/apps/stock-mirror/manifest", dev.url());
    let (_, listing) = get(&url, &[("Authorization", &administrator)]);
    let listing: Value = serde_json::from_str(&listing).unwrap();
    assert_eq!(listing["manifest"]["lifecycle"]["setupUrl"], format!("{}/setup", dev.env["APP_URL"]));
}

#[test]
fn its_backend_knows_by_a_session_token_for_whom_it_asks_the_api() {
    let data = folder();
    let dev = Dev::start(data.path());
    let token = dev.session_token();
    let (status, tenant) = connected(&dev, &token);
    assert_eq!(status, 200, "{tenant}");
    assert_eq!(tenant["tenantId"], dev.env["TENANT_ID"]);
    assert_eq!(
        (&tenant["tenantSlug"], &tenant["customerNumber"]),
        (&json!("annas-bikes"), &json!("K-10001"))
    );
    let (status, items) = asked(&dev, "/api/items", &token);
    assert_eq!((status, &items["items"][1]["name"]), (200, &json!("Bicycle bell")));
    let (status, customers) = asked(&dev, "/api/customers", &token);
    assert_eq!((status, &customers["items"][0]["company"]), (200, &json!("Fahrrad Müller")));
}

#[test]
fn its_backend_refuses_in_words_whatever_is_no_session_token() {
    let data = folder();
    let dev = Dev::start(data.path());
    let mut forged = dev.session_token();
    let end = forged.len() - 10;
    forged.replace_range(end.., "AAAAAAAAAA");
    for token in ["garbage", "", &forged, &dev.token()] {
        for (status, body) in [connected(&dev, token), asked(&dev, "/api/items", token)] {
            assert_eq!(status, 401, "{token}: {body}");
            assert!(body["message"].as_str().is_some_and(|words| words.contains(' ')), "{token}: {body}");
        }
    }
    let (status, _) = get(&format!("{}/api/items", dev.env["APP_URL"]), &[]);
    assert_eq!(status, 401);
}

#[test]
fn what_the_platform_refuses_reaches_its_pages_in_words() {
    let data = folder();
    let dev = Dev::start(data.path());
    let token = dev.session_token();
    let administrator = format!("Bearer {}", dev.env["ADMIN_TOKEN"]);
    let path = format!("/admin/api/tenants/{}/installations/stock-mirror", dev.env["TENANT_ID"]);
    let url = format!("{}{path}", dev.url());
    assert_eq!(send("DELETE", &url, &[("Authorization", &administrator)], "").0, 204);
    let (status, body) = asked(&dev, "/api/items", &token);
    assert_eq!(status, 403);
    assert!(body["message"].as_str().unwrap().contains("not installed"), "{body}");
    // And there is no other one.
    let refused = dev.einlass(&["token", "--session"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("install it at /hub"), "{}", text(&refused.stderr));
}

#[test]
fn a_session_token_is_printed_as_backends_take_it() {
    let data = folder();
    let dev = Dev::start(data.path());
    let printed = |format| dev.einlass(&["token", "--session", "--format", format]).stdout;
    let (json, header) = (printed("json"), printed("header"));
    let body: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(connected(&dev, body["sessionToken"].as_str().unwrap()).0, 200);
    let (_, token) = text(&header).trim_end().split_once("Authorization: Bearer ").unwrap();
    assert_eq!(asked(&dev, "/api/items", token).0, 200);
    let both = dev.einlass(&["token", "--session", "--scx"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn no_page_in_a_browser_gets_a_session_token_without_the_shell() {
    let data = folder();
    let dev = Dev::start(data.path());
    let url = format!("{}/dev/session-token", dev.url());
    let post = |headers: &[(&str, &str)]| send("POST", &url, headers, "").0;
    assert_eq!(post(&[FORM]), 200);
    let own = dev.url().to_owned();
    for (name, value) in
        [("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", &*own), ("Sec-Fetch-Site", "none")]
    {
        assert_eq!(post(&[FORM, (name, value)]), 403, "{name}: {value}");
    }
    assert_eq!([post(&[]), post(&[("Content-Type", "text/plain")])], [415, 415]);
    assert_eq!(get(&url, &[]).0, 405);
}

#[test]
fn a_platform_that_is_no_dev_hands_no_session_token_out() {
    let elsewhere = Stub::start(|_| (404, String::new()));
    let refused = einlass().args(["token", "--session"]).env("EINLASS_URL", &elsewhere.url).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("only `einlass dev` hands one out"), "{}", text(&refused.stderr));
    assert_eq!(elsewhere.asked()[0].line, "POST /dev/session-token");
    let nowhere = einlass().args(["token", "--session"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(4));
}

#[test]
fn no_session_token_gets_into_the_log() {
    let data = folder();
    let dev = Dev::start(data.path());
    let token = dev.session_token();
    assert_eq!((connected(&dev, &token).0, connected(&dev, &token[1..]).0), (200, 401));
    dev.end();
    let log = fs::read_to_string(data.path().join("test.log")).unwrap();
    let [_, payload, signature] = token.splitn(3, '.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    assert!(!log.contains(payload) && !log.contains(signature), "{log}");
    assert!(fs::read_dir(platform(data.path())).unwrap().count() > 0);
}
