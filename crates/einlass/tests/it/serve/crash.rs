//! A node is killed in the middle of administrative writes, again and again. What was acknowledged is there
//! afterwards, what was not is there whole or not at all.

use super::site::{Admin, Engine, Node, PATIENCE, Site};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

/// How often, unless `EINLASS_TEST_CRASHES` says otherwise: enough to notice what goes wrong often.
const USUALLY: u32 = 12;
const WRITERS: u32 = 4;

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    crash(Engine::Sqlite);
}

#[test]
fn nothing_acknowledged_is_lost_on_postgresql() {
    crash(Engine::Postgres);
}

/// An app that the platform said it made.
struct Made {
    name: String,
    client: String,
    secret: String,
    /// Whether the platform said that its secret is revoked; `None` while that was asked and not answered.
    revoked: Option<bool>,
}

fn crash(engine: Engine) {
    let times = std::env::var("EINLASS_TEST_CRASHES").map_or(USUALLY, |times| times.parse().unwrap());
    let site = Site::new(engine, "[limits]\ntoken_requests_per_second = 10000\n");
    let mut node = site.start();
    let admin = node.claim();
    let tenant = admin.must(&node.url, "POST", "/tenants", json!({"slug": "crash"}))["id"].clone();
    let tenant = tenant.as_str().unwrap();
    let (mut acknowledged, mut made_in_all) = (0, 0);
    for round in 0..times {
        let made = write_until_killed(&mut node, &admin, tenant, round);
        node = site.start();
        made_in_all += made.len();
        acknowledged += made.len() + made.iter().filter(|made| made.revoked == Some(true)).count();
        for app in &made {
            check(&node, &admin, app);
        }
    }
    assert!(made_in_all > 0, "nothing was ever acknowledged");
    assert!(acknowledged > made_in_all, "no revocation was ever acknowledged");
    nothing_is_half_done(&node, &admin);
}

/// Several writers write as fast as they can; at some moment the node dies under them.
fn write_until_killed(node: &mut Node, admin: &Admin, tenant: &str, round: u32) -> Vec<Made> {
    let (all, stop, written) = (Mutex::new(Vec::new()), AtomicBool::new(false), AtomicU32::new(0));
    let url = node.url.clone();
    let (begun, has_begun) = mpsc::channel();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (begun, url, all, stop, written) = (begun.clone(), &url, &all, &stop, &written);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let name = format!("app-{round}-{writer}-{number}");
                    let Some(made) = make(url, admin, tenant, name) else { return };
                    all.lock().unwrap().push(made);
                    written.fetch_add(1, Ordering::Relaxed);
                    let _ = begun.send(());
                }
            });
        }
        // After the first write, and then at a moment that differs from round to round.
        has_begun.recv_timeout(PATIENCE).unwrap();
        std::thread::sleep(Duration::from_micros(u64::from(round * 7_919 % 30_011)));
        node.kill();
        stop.store(true, Ordering::Relaxed);
    });
    all.into_inner().unwrap()
}

/// Makes an app, installs it, and ends every other one's secret. `None` when the platform did not even say that it made
/// the app.
fn make(url: &str, admin: &Admin, tenant: &str, name: String) -> Option<Made> {
    let (status, created) = admin.ask(
        url,
        "POST",
        "/apps",
        json!({"technical_name": name, "scopes": "items.read", "algorithm": "EdDSA"}),
    );
    if status != 201 {
        return None;
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (client, secret) = (text(&created["client_id"]), text(&created["client_secret"]));
    let mut made = Made { name, client, secret, revoked: Some(false) };
    admin.ask(url, "PUT", &format!("/tenants/{tenant}/installations/{}", made.name), Value::Null);
    if made.name.ends_with(['0', '2', '4', '6', '8']) {
        let revocation = json!({"kind": "secret", "subject": created["secret_id"]});
        let (status, _) = admin.ask(url, "POST", "/revocations", revocation);
        made.revoked = (status == 204).then_some(true);
    }
    Some(made)
}

fn check(node: &Node, admin: &Admin, made: &Made) {
    let Made { name, client, secret, revoked } = made;
    admin.must(&node.url, "GET", &format!("/apps/{name}"), Value::Null);
    let (status, _) = node.token(client, secret);
    match revoked {
        Some(true) => assert_eq!(status, 401, "{name} gets a token with a secret that was revoked"),
        Some(false) => assert_eq!(status, 200, "{name} gets no token"),
        None => assert!([200, 401].contains(&status), "{name}: {status}"),
    }
}

/// Every app has its client, its secret, and its line in the audit, whether it was acknowledged or not.
fn nothing_is_half_done(node: &Node, admin: &Admin) {
    let apps = everything(node, admin, "/apps");
    let audited: BTreeSet<String> = everything(node, admin, "/audit?action=create%20app")
        .iter()
        .map(|event| text(&event["subject"]))
        .collect();
    for app in &apps {
        let id = text(&app["id"]);
        let clients = everything(node, admin, &format!("/apps/{id}/clients"));
        assert_eq!(clients.len(), 1, "{app}");
        let secrets = everything(node, admin, &format!("/clients/{}/secrets", text(&clients[0]["id"])));
        assert_eq!(secrets.len(), 1, "{app}");
        assert!(audited.contains(&id), "{app} is not in the audit");
    }
    assert_eq!(audited.len(), apps.len(), "something is in the audit that did not happen");
}

fn everything(node: &Node, admin: &Admin, path: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = admin.must(&node.url, "GET", &format!("{path}{separator}limit=500{after}"), Value::Null);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
