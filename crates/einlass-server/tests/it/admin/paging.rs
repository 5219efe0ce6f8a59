//! Lists are read page by page to their ends, each row once.

use super::text;
use crate::support::TestPlatform;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// Every row of a list, read two at a time.
async fn all(platform: &TestPlatform, path: &str) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    let mut after = String::new();
    loop {
        let page = platform.ask(&format!("{path}?limit=2{after}")).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        rows.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return rows,
        }
    }
}

#[tokio::test]
async fn every_list_comes_to_an_end_with_each_row_once() {
    let platform = TestPlatform::start().await;
    let client = platform.demo.client_id.to_string();
    for number in 0..3 {
        let name = format!("n{number}");
        platform.create("/tenants", &json!({"slug": name})).await;
        platform.create("/apps", &json!({"technical_name": name})).await;
        platform.create("/admin-tokens", &json!({"name": name})).await;
        platform.create("/apps/stock-mirror/clients", &json!({})).await;
        platform.create(&format!("/clients/{client}/secrets"), &json!({"name": name})).await;
        for path in [
            format!("/tenants/{name}/installations/stock-mirror"),
            format!("/tenants/annas-bikes/installations/{name}"),
        ] {
            assert_eq!(platform.administer("PUT", &path, "").await.status, 200);
        }
        platform.clock.advance(Duration::from_millis(1));
    }
    for (path, key, count) in [
        ("/organisations", "id", 3 + 1 + 3),
        ("/tenants", "id", 3 + 3),
        ("/apps", "id", 1 + 3),
        ("/admin-tokens", "id", 1 + 3),
        ("/apps/stock-mirror/clients", "id", 2 + 3),
        (&format!("/clients/{client}/secrets"), "id", 1 + 3),
        ("/apps/stock-mirror/installations", "tenant", 1 + 3),
        ("/tenants/annas-bikes/installations", "app", 1 + 3),
    ] {
        let keys: Vec<String> = all(&platform, path).await.iter().map(|row| text(&row[key])).collect();
        assert!(keys.is_sorted(), "{path}");
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), count, "{path}");
        assert_eq!(keys.len(), count, "{path}");
    }
    let events: Vec<String> = all(&platform, "/audit").await.iter().map(|row| text(&row["id"])).collect();
    assert!(events.iter().rev().is_sorted());
    assert_eq!(events.len(), 3 * 7);
}
