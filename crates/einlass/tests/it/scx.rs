//! Marketplace channels on the command line, and what opens which door.

use crate::kit::{Dev, einlass, folder, get, send, text};
use crate::onpremise::register;
use crate::stub::Stub;
use serde_json::{Value, json};
use std::fs;
use std::sync::Mutex;
use uuid::Uuid;

fn auth_token(dev: &Dev, who: &str) -> String {
    let output = dev.einlass(&["token", who]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).trim_end().to_owned()
}

#[test]
fn a_channel_and_a_seller_get_tokens_and_call() {
    let data = folder();
    let dev = Dev::start(data.path());
    assert!(dev.env["SCX_BASE"].ends_with("/v1"));
    for who in ["--scx", "--scx=channel", "--scx=seller"] {
        assert_eq!(auth_token(&dev, who).split('.').count(), 3, "{who}");
    }
    let events = dev.einlass(&["call", "--scx", "GET", "/channel/event"]);
    assert_eq!(text(&events.stdout), r#"{"eventList":[]}"#, "{}", text(&events.stderr));
    let sign_up = format!("/seller/channel/{}", dev.env["SCX_CHANNEL"]);
    let sign_up = dev.einlass(&["call", "--scx=seller", "POST", &sign_up]);
    assert!(text(&sign_up.stdout).contains("signUpUrl"), "{}", text(&sign_up.stderr));
    let nowhere = dev.einlass(&["call", "--scx", "GET", "/nothing"]);
    assert!(text(&nowhere.stderr).contains("404"), "{}", text(&nowhere.stderr));
    // A channel where only a seller may be.
    let refused = dev.einlass(&["call", "--scx", "POST", "/seller/channel/OTHERS"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stdout).contains("errorList"), "{}", text(&refused.stdout));
}

#[tokio::test]
async fn what_opens_one_door_opens_no_other() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (_, key) = register(&dev, data.path(), "items.read").await;
    let (cloud, channel, seller) = (dev.token(), auth_token(&dev, "--scx"), auth_token(&dev, "--scx=seller"));
    let status_as = |scheme: &str, path: &str, token: &str| {
        let authorization = format!("{scheme} {token}");
        let headers = [("Authorization", &*authorization), ("X-Tenant-ID", &dev.env["TENANT_ID"])];
        get(&format!("{}{path}", dev.url()), &headers).0
    };
    let status = |path: &str, token: &str| status_as("Bearer", path, token);
    let (erp, market, admin) = ("/erp/v2/info", "/v1/channel", "/admin/api/apps");
    let (onprem, secrets) =
        ("/api/eazybusiness/v2/info", ["ADMIN_TOKEN", "SCX_REFRESH_TOKEN", "CLIENT_SECRET"]);
    // Twice, since the gateway remembers whom it let in.
    for _ in 0..2 {
        assert_eq!([erp, market, admin].map(|path| status(path, &cloud)), [200, 401, 401]);
        assert_eq!([erp, market, admin].map(|path| status(path, &channel)), [401, 200, 401]);
        assert_eq!([erp, market, admin].map(|path| status(path, &seller)), [401, 403, 401]);
        assert_eq!([erp, market, admin].map(|path| status(path, &dev.env["ADMIN_TOKEN"])), [401, 401, 200]);
        assert_eq!([erp, market, admin].map(|path| status(path, &dev.env["SCX_REFRESH_TOKEN"])), [401; 3]);
        assert_eq!([erp, market, admin].map(|path| status(path, &dev.env["CLIENT_SECRET"])), [401; 3]);
        assert_eq!(status_as("Wawi", onprem, &key), 200);
        assert_eq!([erp, market, admin, onprem].map(|path| status(path, &key)), [401; 4]);
        assert_eq!([erp, market, admin].map(|path| status_as("Wawi", path, &key)), [401; 3]);
        let others = [&cloud, &channel, &seller].into_iter().chain(secrets.map(|name| &dev.env[name]));
        for other in others {
            assert_eq!(["Wawi", "Bearer"].map(|scheme| status_as(scheme, onprem, other)), [401; 2]);
        }
    }
}

/// An exchange that replaces the refresh token each time, and takes each one once.
fn rotating() -> Stub {
    let last = Mutex::new(0);
    Stub::start(move |asked| {
        let mut last = last.lock().unwrap();
        if asked.body != format!("refreshToken=CHAN%3A{last}") {
            let refusal =
                r#"{"errorList":[{"code":"ATH000","message":"used","severity":"error","hint":null}]}"#;
            return (400, refusal.into());
        }
        *last += 1;
        (200, format!(r#"{{"authToken":"token-{last}","expiresIn":3600,"refreshToken":"CHAN:{last}"}}"#))
    })
}

#[test]
fn processes_that_share_a_refresh_token_do_not_lose_its_successors() {
    const PROCESSES: usize = 8;
    let (stub, data) = (rotating(), folder());
    let file = data.path().join("refresh-token");
    fs::write(&file, "CHAN:0\n").unwrap();
    let start = || {
        let mut command = einlass();
        command.args(["token", "--scx"]).env("SCX_BASE", format!("{}/v1", stub.url));
        command.env("SCX_REFRESH_TOKEN_FILE", &file).stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let processes: Vec<_> = (0..PROCESSES).map(|_| start()).collect();
    let mut tokens = Vec::new();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success());
        tokens.push(text(&output.stdout).trim_end().to_owned());
    }
    tokens.sort();
    let expected: Vec<_> = (1..=PROCESSES).map(|number| format!("token-{number}")).collect();
    assert_eq!(tokens, expected);
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("CHAN:{PROCESSES}\n"));
}

#[test]
fn events_come_again_until_they_are_acknowledged_and_ten_times_at_most() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (channel, seller) = (auth_token(&dev, "--scx"), auth_token(&dev, "--scx=seller"));
    let call = |method: &str, path: &str, token: &str, body: Value| {
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", &*authorization), ("Content-Type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = send(method, &format!("{}{path}", dev.env["SCX_BASE"]), &headers, &body);
        (status, serde_json::from_str::<Value>(&answer).unwrap_or_default())
    };
    let link_and_unlink = |id: &str| {
        let path = format!("/seller/channel/{}", dev.env["SCX_CHANNEL"]);
        let (_, opened) = call("POST", &path, &seller, Value::Null);
        let url = opened["signUpUrl"].as_str().unwrap();
        let session = url.split_once("session=").unwrap().1.split('&').next().unwrap();
        let link = json!({"session": session, "sellerId": id});
        assert_eq!(call("POST", "/channel/seller", &channel, link).0, 201);
        let (status, _) =
            call("DELETE", &format!("/channel/seller/{id}?reason=closed"), &channel, Value::Null);
        assert!((200..300).contains(&status), "{status}");
    };
    let told =
        || call("GET", "/channel/event", &channel, Value::Null).1["eventList"].as_array().unwrap().clone();

    link_and_unlink("first");
    for time in 1..=10 {
        let events = told();
        assert_eq!(events.len(), 1, "time {time}");
        assert_eq!(events[0]["type"], "Seller:Channel.Unlinked");
    }
    assert_eq!(told(), [Value::Null; 0], "the channel was told often enough");

    link_and_unlink("second");
    let id = told()[0]["id"].clone();
    let many: Vec<_> = (0..101).map(|number| Uuid::from_u128(number).to_string()).collect();
    assert_eq!(call("DELETE", "/channel/event", &channel, json!({"eventIdList": many})).0, 400);
    assert_eq!(told().len(), 1);
    assert_eq!(call("DELETE", "/channel/event", &channel, json!({"eventIdList": [id]})).0, 204);
    assert_eq!(told(), [Value::Null; 0]);
}
