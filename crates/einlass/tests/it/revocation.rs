//! A revoked token opens nothing any more, wherever it was revoked.

use crate::kit::{Dev, folder, platform, post_form};
use einlass_client::clock::{Clock, SystemClock};
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_store::Store;
use std::time::Duration;

#[test]
fn a_token_that_was_given_back_is_refused_by_the_next_call_and_after_a_restart() {
    let data = folder();
    let dev = Dev::start(data.path());
    let (given_back, other) = (dev.token(), dev.token());
    assert_eq!(dev.call("/erp/v2/info", &given_back), 200);
    assert_eq!(give_back(&dev, &given_back), 200);
    assert_eq!(dev.call("/erp/v2/info", &given_back), 401);
    assert_eq!(dev.call("/erp/v2/info", &other), 200);
    dev.end();

    let again = Dev::start(data.path());
    assert_eq!(again.call("/erp/v2/info", &given_back), 401);
    assert_eq!(again.call("/erp/v2/info", &other), 200);
}

#[tokio::test]
async fn what_another_process_writes_reaches_the_gateway() {
    let data = folder();
    let dev = Dev::start(data.path());
    let token = dev.token();
    assert_eq!(dev.call("/erp/v2/info", &token), 200);
    let url = Store::sqlite_url(&platform(data.path()).join("einlass.db"));
    let (store, now) = (Store::open(&url).await.unwrap(), SystemClock::new().wall());
    let tenant = Subject::Tenant(dev.env["TENANT_ID"].parse().unwrap());
    store.revoke(&Revocation::at(tenant, now, now.plus(Duration::from_hours(1))), now).await.unwrap();
    let is_refused = || dev.call("/erp/v2/info", &token) != 200;
    for _ in 0..1_000 {
        if is_refused() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(is_refused());
}

/// The status of `/oauth2/revoke` for this token of the platform's client.
fn give_back(dev: &Dev, token: &str) -> u16 {
    let (id, secret) = (&dev.env["CLIENT_ID"], &dev.env["CLIENT_SECRET"]);
    let body = format!("client_id={id}&client_secret={secret}&token={token}");
    post_form(&format!("{}/oauth2/revoke", dev.url()), &body)
}
