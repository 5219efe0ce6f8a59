//! An on-premise app from its registration to its last call.

use crate::kit::{Dev, einlass, folder, get, platform, send, text};
use einlass_client::clock::{Clock, SystemClock};
use einlass_protocol::ids::{OrganisationId, RegistrationId, SiteId};
use einlass_protocol::onprem::DatabaseName;
use einlass_store::{Registration, Site, Store};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use uuid::Uuid;

const CHALLENGE: (&str, &str) = ("x-challengecode", "4711");

/// The store of a running platform, as another node would open it.
async fn store_of(data: &Path) -> Store {
    Store::open(&Store::sqlite_url(&platform(data).join("einlass.db"))).await.unwrap()
}

/// The demonstration ERP's site, made here if nobody else has.
async fn site_of(store: &Store) -> Site {
    let database: DatabaseName = "eazybusiness".parse().unwrap();
    if let Some(site) = store.site_of_database(&database).await.unwrap() {
        return site;
    }
    let (id, name) = (SiteId::new(Uuid::from_u128(7)), "ERP".to_owned());
    let site = Site {
        id,
        organisation: OrganisationId::OPERATOR,
        database,
        name,
        waiting_until: None,
        licensed: true,
    };
    store.create_site(&site, SystemClock::new().wall()).await.unwrap();
    site
}

/// Has an app registered that asks for this scope, and gives its registration and its key.
pub(crate) async fn register(dev: &Dev, data: &Path, scope: &str) -> (RegistrationId, String) {
    let (store, now) = (store_of(data).await, SystemClock::new().wall());
    let (site, soon) = (site_of(&store).await, now.plus(Duration::from_mins(5)));
    assert!(store.await_registration(site.id, Some(soon), "somebody", now).await.unwrap());
    // Case is of no matter.
    let base = format!("{}/Api/eazyBusiness/V1/Authentication", dev.url());
    let manifest = json!({
        "AppId": "parcels/v1", "DisplayName": "Parcels", "Description": "Ships", "Version": "1.0.0",
        "ProviderName": "Anna", "ProviderWebsite": "https://anna.example", "MandatoryApiScopes": [scope],
        "RegistrationType": 0,
    });
    let headers = [CHALLENGE, ("Content-Type", "application/json")];
    let (status, asked) = send("POST", &base, &headers, &manifest.to_string());
    assert_eq!(status, 201, "{asked}");
    let id =
        serde_json::from_str::<Value>(&asked).unwrap()["RegistrationRequestId"].as_str().unwrap().to_owned();
    let registration: RegistrationId = id.parse().unwrap();
    let granted = scope.parse().unwrap();
    assert!(store.decide_registration(registration, Some(&granted), ("somebody", soon), now).await.unwrap());
    let (status, answer) = get(&format!("{base}/{id}"), &[CHALLENGE]);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    (registration, answer["Token"]["ApiKey"].as_str().unwrap().to_owned())
}

/// The status of a call below the ERP's database.
fn called(dev: &Dev, path: &str, key: &str) -> u16 {
    let authorization = format!("Wawi {key}");
    get(&format!("{}/api/EazyBusiness{path}", dev.url()), &[("Authorization", &authorization)]).0
}

async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    for _ in 0..2_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

async fn registration(store: &Store, id: RegistrationId) -> Registration {
    store.registration(id).await.unwrap().unwrap()
}

#[test]
fn the_command_line_registers_an_app_lets_it_in_calls_and_ends_it() {
    let data = folder();
    let dev = Dev::start(data.path());
    let here = |arguments: &[&str]| {
        let mut command = einlass();
        command.args(arguments).envs(&dev.env).current_dir(data.path());
        command
    };
    let done = |arguments: &[&str]| {
        let output = here(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    done(&["register", "--write-manifest", "app.json"]);
    done(&["onprem", "open"]);
    let app = here(&["register", "app.json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = (0..6_000).find_map(|_| {
        let listed = done(&["onprem", "list", "--format", "json"]);
        std::thread::sleep(Duration::from_millis(10));
        let found: Value = serde_json::from_str(listed.lines().next()?).unwrap();
        (found["state"] == "pending").then(|| found["id"].as_str().unwrap().to_owned())
    });
    let id = id.unwrap();
    done(&["onprem", "approve", &id, "--optional", ""]);
    let registered = app.wait_with_output().unwrap();
    assert!(registered.status.success(), "{}", text(&registered.stderr));
    let values = text(&registered.stdout).lines().filter_map(|line| line.split_once('='));
    let values: Vec<(String, String)> = values.map(|(name, value)| (name.into(), value.into())).collect();
    let call = |arguments: &[&str]| here(arguments).envs(values.clone()).output().unwrap();
    let items = call(&["call", "--onprem", "GET", "/v1/items"]);
    assert!(text(&items.stdout).contains("City bike"), "{}", text(&items.stderr));
    let refused = call(&["call", "--onprem", "GET", "/v2/customers"]);
    assert!(
        text(&refused.stderr).contains("customers.read") || text(&refused.stdout).contains("customers.read")
    );
    done(&["onprem", "revoke", &id]);
    let ended = call(&["call", "--onprem", "GET", "/v1/items"]);
    assert!(text(&ended.stderr).contains("Was it revoked"), "{}", text(&ended.stderr));
}

#[tokio::test]
async fn a_user_of_the_erp_signs_in_with_the_key_and_out_again() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (_, key) = register(&dev, data.path(), "items.read").await;
    let authorization = format!("Wawi {key}");
    let base = format!("{}/api/eazybusiness", dev.url());
    let login = |path: &str, password: &str| {
        let headers = [("Authorization", &*authorization), ("Content-Type", "application/json")];
        let body = json!({"UserName": "demo", "Password": password}).to_string();
        send("POST", &format!("{base}{path}/authentication/login"), &headers, &body)
    };
    let in_session = |method: &str, path: &str, session: &str| {
        let headers = [("Authorization", &*authorization), ("X-SessionId", session)];
        send(method, &format!("{base}{path}"), &headers, "")
    };
    assert_eq!(login("/v1", "wrong").0, 401);
    for (version, member) in [("", "SessionId"), ("/v1", "SessionId"), ("/v2", "sessionId")] {
        let (status, answer) = login(version, "demo");
        assert_eq!(status, 200, "{answer}");
        let session = serde_json::from_str::<Value>(&answer).unwrap()[member].as_str().unwrap().to_owned();
        assert_eq!(in_session("GET", "/v1/items", &session).0, 200, "{session}");
        let unbound = session.rsplit_once('.').unwrap().0;
        let (status, refused) = in_session("GET", "/v1/items", unbound);
        assert!(status == 401 && refused.contains("SessionRejected"), "{status} {refused}");
        assert_eq!(in_session("POST", &format!("{version}/authentication/logout"), &session).0, 200);
        // It is the ERP that says so.
        let (status, refused) = in_session("GET", "/v1/items", &session);
        assert!(status == 401 && refused.contains("UnknownSession"), "{status} {refused}");
    }
    dev.end();
    let log = std::fs::read_to_string(data.path().join("test.log")).unwrap();
    assert!(log.contains("SessionRejected") && !log.contains("session-1"), "{log}");
}

#[tokio::test]
async fn an_app_registers_calls_and_is_shut_out() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (id, key) = register(&dev, data.path(), "items.read").await;
    for (path, status) in [
        ("/info", 200),
        ("/v1/items", 200),
        ("/v2/customers", 403),
        ("/v2/nothing", 404),
        ("/v2/items/", 400),
    ] {
        assert_eq!(called(&dev, path, &key), status, "{path}");
    }
    let store = store_of(data.path()).await;
    eventually("its use is written down", || async { registration(&store, id).await.last_used_at.is_some() })
        .await;
    let now = SystemClock::new().wall();
    assert_eq!(store.revoke_registration(id, now).await.unwrap().len(), 1);
    eventually("another process's revocation is heard of", || async { called(&dev, "/info", &key) == 401 })
        .await;
    dev.end();
    let log = std::fs::read_to_string(data.path().join("test.log")).unwrap();
    assert!(log.contains(&id.to_string()) && log.contains("parcels/v1") && !log.contains(&key), "{log}");
}
