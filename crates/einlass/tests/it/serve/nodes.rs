//! Two nodes on one database.

use super::site::{Admin, Client, Engine, Node, Site, eventually};
use super::upstream;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// An app that may act for a tenant.
struct App {
    client: String,
    secret: String,
    secret_id: String,
    tenant: String,
}

fn install(node: &Node, admin: &Admin, name: &str) -> App {
    let app = json!({"technical_name": name, "scopes": "items.read", "algorithm": "EdDSA"});
    let created = admin.must(&node.url, "POST", "/apps", app);
    let tenant = admin.must(&node.url, "POST", "/tenants", json!({"slug": format!("{name}-tenant")}));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tenant = text(&tenant["id"]);
    admin.must(&node.url, "PUT", &format!("/tenants/{tenant}/installations/{name}"), Value::Null);
    App {
        client: text(&created["client_id"]),
        secret: text(&created["client_secret"]),
        secret_id: text(&created["secret_id"]),
        tenant,
    }
}

#[test]
fn what_one_node_changes_the_other_knows() {
    let site = Site::new(Engine::Postgres, &upstream::configured());
    let (one, other) = (site.start(), site.start_beside());
    let admin = one.claim();
    let app = install(&one, &admin, "mirror");

    let (status, token) = other.token(&app.client, &app.secret);
    assert_eq!(status, 200, "{}", other.log());
    assert_eq!(one.call("/erp/v2/items", &token, &app.tenant), 200, "{}", one.log());
    assert_eq!(other.call("/erp/v2/items", &token, &app.tenant), 200, "{}", other.log());

    let revocation = json!({"kind": "secret", "subject": app.secret_id});
    admin.must(&one.url, "POST", "/revocations", revocation);
    assert_eq!(one.call("/erp/v2/items", &token, &app.tenant), 401, "the node that revoked refuses at once");
    eventually("the other node refuses", || other.call("/erp/v2/items", &token, &app.tenant) == 401);
    eventually("the other node gives no token", || other.token(&app.client, &app.secret).0 == 401);
}

#[test]
fn two_nodes_that_are_asked_at_once_announce_one_key_of_each_algorithm_at_each_issuer() {
    let site = Site::new(Engine::Postgres, "");
    let (one, other) = (site.start(), site.start_beside());
    let admin = one.claim();
    std::thread::scope(|scope| {
        for url in [&one.url, &other.url, &one.url, &other.url] {
            scope.spawn(|| admin.must(url, "POST", "/keys/rotate", Value::Null));
        }
    });
    let keys = admin.must(&other.url, "GET", "/keys", Value::Null);
    let phases =
        |phase: &str| keys["items"].as_array().unwrap().iter().filter(|key| key["phase"] == phase).count();
    assert_eq!((phases("announced"), phases("signing")), (2 * 2, 2 * 2), "{keys}");
}

#[test]
fn tokens_calls_and_writes_go_on_while_either_node_restarts() {
    // However fast this machine is, nobody is to be told to wait.
    let limits = "[limits]\ntoken_requests_per_second = 10000\n";
    let site = Site::new(Engine::Postgres, &format!("{limits}{}", upstream::configured()));
    let (one, other) = (site.start(), site.start_beside());
    let admin = one.claim();
    let app = install(&one, &admin, "steady");
    let urls = [one.url.clone(), other.url.clone()];
    let (stop, failures, asked) = (AtomicBool::new(false), Mutex::new(Vec::new()), AtomicU32::new(0));
    let fetch = |url: &str| Client(url).token(&app.client, &app.secret).0;
    let call = |url: &str| {
        let (status, token) = Client(url).token(&app.client, &app.secret);
        if status == 200 { Client(url).call("/erp/v2/items", &token, &app.tenant) } else { status }
    };
    let write = |url: &str| admin.ask(url, "POST", "/organisations", json!({"name": "Written"})).0;
    let callers: [&(dyn Fn(&str) -> u16 + Sync); 3] = [&fetch, &call, &write];
    let _nodes = std::thread::scope(|scope| {
        for (number, caller) in callers.into_iter().enumerate() {
            let (urls, stop, failures, asked) = (&urls, &stop, &failures, &asked);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    // A client of a platform behind a balancer: who does not answer is not asked.
                    let mut answers = urls.iter().map(|url| caller(url));
                    let answer = answers.find(|status| *status != 0);
                    asked.fetch_add(1, Ordering::Relaxed);
                    if !matches!(answer, Some(200 | 201)) {
                        failures.lock().unwrap().push((number, answer));
                    }
                }
            });
        }
        let goes_on = |what: &str| {
            let before = asked.load(Ordering::Relaxed);
            eventually(what, || asked.load(Ordering::Relaxed) > before + 20);
        };
        goes_on("both nodes serve");
        other.end();
        goes_on("the first node serves alone");
        let other = site.start_at(&urls[1]);
        admin.must(&other.url, "POST", "/keys/rotate", Value::Null);
        one.end();
        goes_on("the second node serves alone");
        let one = site.start();
        goes_on("both serve again");
        stop.store(true, Ordering::Relaxed);
        assert_eq!(kids(&one), kids(&other));
        // They end when nobody calls any more.
        (one, other)
    });
    assert_eq!(*failures.lock().unwrap(), [], "of {}", asked.load(Ordering::Relaxed));
}

fn kids(node: &Node) -> BTreeSet<String> {
    let (_, body) = crate::kit::get(&format!("{}/.well-known/jwks.json", node.url), &[]);
    let keys: Value = serde_json::from_str(&body).unwrap();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}
