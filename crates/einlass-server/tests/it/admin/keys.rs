//! Signing keys.

use super::text;
use crate::support::{ISSUER, TestPlatform};
use serde_json::Value;

/// Of the first issuer's keys.
fn phases(keys: &Value, algorithm: &str) -> Vec<String> {
    let of = |key: &&Value| key["algorithm"] == algorithm && key["issuer"] == ISSUER;
    keys["items"].as_array().unwrap().iter().filter(of).map(|key| text(&key["phase"])).collect()
}

#[tokio::test]
async fn keys_are_rotated_once_and_distrusted_at_once() {
    let platform = TestPlatform::start().await;
    let before = platform.ask("/keys").await;
    assert_eq!(phases(&before, "RS256"), ["signing"]);
    for _ in 0..2 {
        let reply = platform.administer("POST", "/keys/rotate", "").await;
        assert_eq!(reply.status, 200);
        for algorithm in ["RS256", "EdDSA"] {
            assert_eq!(phases(&reply.json(), algorithm), ["announced", "signing"]);
        }
    }
    // One for each issuer.
    assert_eq!(platform.audited().await.len(), 2, "the second rotation changed nothing");

    let keys = before["items"].as_array().unwrap();
    let kid = text(&keys.iter().find(|key| key["algorithm"] == "RS256").unwrap()["kid"]);
    for _ in 0..2 {
        assert_eq!(platform.administer("DELETE", &format!("/keys/{kid}"), "").await.status, 204);
    }
    assert_eq!(phases(&platform.ask("/keys").await, "RS256"), ["signing", "distrusted"]);
    assert_eq!(platform.audited().await.len(), 3);
    assert_eq!(platform.refused("DELETE", "/keys/nobody", "").await, (404, "not_found".into()));
}
