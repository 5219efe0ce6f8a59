//! Signing keys follow each other, and verifiers that keep a key set never notice.

use crate::support::{ISSUER, TestPlatform};
use einlass_protocol::jose::KeySet;
use einlass_protocol::time::Clock;
use einlass_server::audit::Actor;
use einlass_server::keys::{KeyStatus, Phase};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);

async fn token(platform: &TestPlatform) -> String {
    platform.token().await.json()["access_token"].as_str().unwrap().to_owned()
}

fn verifies(platform: &TestPlatform, token: &str, keys: &KeySet) -> bool {
    TestPlatform::verifier().verify(token, keys, platform.clock.wall()).is_ok()
}

/// The first issuer's keys; the other one's are tended with them.
async fn keys_of(platform: &TestPlatform) -> Vec<KeyStatus> {
    let keys = platform.platform.signing_keys().await.unwrap();
    let (first, second): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.issuer == ISSUER);
    assert!(!second.is_empty(), "each issuer has its own");
    first
}

async fn phases(platform: &TestPlatform, algorithm: &str) -> Vec<Phase> {
    let keys = keys_of(platform).await.into_iter();
    keys.filter(|key| key.algorithm.as_str() == algorithm).map(|key| key.phase).collect()
}

async fn signing_key(platform: &TestPlatform) -> KeyStatus {
    let keys = keys_of(platform).await;
    let signs = |key: &KeyStatus| key.algorithm.as_str() == "RS256" && key.phase == Phase::Signing;
    keys.into_iter().find(signs).unwrap()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

async fn published(platform: &TestPlatform) -> BTreeSet<String> {
    let document = platform.get("/.well-known/jwks.json").await.json();
    let keys = document["keys"].as_array().unwrap().clone();
    keys.iter().map(|key: &Value| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_verifier_that_keeps_a_key_set_for_ten_minutes_never_sees_a_failure() {
    let platform = TestPlatform::start().await;
    let mut cached = (platform.key_set().await, platform.clock.wall());
    let mut last = token(&platform).await;
    let mut signers = BTreeSet::from([kid(&last)]);
    platform.clock.advance((30 * DAY).saturating_sub(30 * MINUTE));
    for _ in 0..100 {
        platform.platform.tend().await.unwrap();
        let now = platform.clock.wall();
        if now.since(cached.1) >= 10 * MINUTE {
            cached = (platform.key_set().await, now);
        }
        let fresh = token(&platform).await;
        signers.insert(kid(&fresh));
        assert!(verifies(&platform, &fresh, &cached.0), "a new token");
        if signers.len() == 2 && kid(&last) != kid(&fresh) {
            assert!(verifies(&platform, &last, &cached.0), "the last token of the key before");
        } else {
            last = fresh;
        }
        platform.clock.advance(MINUTE / 2);
    }
    assert_eq!(signers.len(), 2);
}

#[tokio::test]
async fn a_key_is_announced_signs_retires_and_goes() {
    let platform = TestPlatform::start().await;
    let tend = async || platform.platform.tend().await.unwrap();
    tend().await;
    assert_eq!(phases(&platform, "RS256").await, [Phase::Signing]);
    platform.clock.advance((30 * DAY).saturating_sub(15 * MINUTE));
    tend().await;
    tend().await;
    assert_eq!(phases(&platform, "RS256").await, [Phase::Announced, Phase::Signing]);
    assert_eq!(phases(&platform, "EdDSA").await, [Phase::Announced, Phase::Signing]);
    assert_eq!(published(&platform).await.len(), 4);
    platform.clock.advance(15 * MINUTE);
    tend().await;
    assert_eq!(phases(&platform, "RS256").await, [Phase::Signing, Phase::Retired]);
    assert_eq!(published(&platform).await.len(), 4);
    platform.clock.advance((65 * MINUTE).saturating_sub(Duration::from_secs(1)));
    tend().await;
    assert_eq!(published(&platform).await.len(), 4, "a token of the last moment may just have expired");
    platform.clock.advance(Duration::from_secs(1));
    tend().await;
    assert_eq!(phases(&platform, "RS256").await, [Phase::Signing]);
    assert_eq!(published(&platform).await.len(), 2);
}

#[tokio::test]
async fn rotating_by_hand_announces_one_key_however_often_it_is_asked_for() {
    let platform = TestPlatform::start().await;
    let before = signing_key(&platform).await;
    for _ in 0..3 {
        platform.platform.rotate_keys(&Actor::platform()).await.unwrap();
    }
    assert_eq!(phases(&platform, "RS256").await, [Phase::Announced, Phase::Signing]);
    assert_eq!(kid(&token(&platform).await), before.kid);
    let told = platform.told.keys.lock().unwrap().take().unwrap();
    assert_eq!(told.len(), 4);
    platform.clock.advance(15 * MINUTE);
    assert_ne!(kid(&token(&platform).await), before.kid);
}

#[tokio::test]
async fn a_distrusted_key_is_out_at_once_and_another_signs() {
    for is_announced in [false, true] {
        let platform = TestPlatform::start().await;
        let old = token(&platform).await;
        if is_announced {
            platform.platform.rotate_keys(&Actor::platform()).await.unwrap();
        }
        assert!(platform.platform.distrust_key(&kid(&old), &Actor::platform()).await.unwrap());
        assert!(!platform.platform.distrust_key(&kid(&old), &Actor::platform()).await.unwrap());
        let told = platform.told.keys.lock().unwrap().take().unwrap();
        assert!(!verifies(&platform, &old, &told));
        let new = token(&platform).await;
        assert!(verifies(&platform, &new, &told));
        assert_eq!(phases(&platform, "RS256").await, [Phase::Signing, Phase::Distrusted]);
        assert!(!published(&platform).await.contains(&kid(&old)));
    }
}

#[tokio::test]
async fn an_unknown_key_cannot_be_distrusted() {
    let platform = TestPlatform::start().await;
    assert!(!platform.platform.distrust_key("nobody", &Actor::platform()).await.unwrap());
    assert_eq!(platform.store.signing_keys(ISSUER).await.unwrap().len(), 2);
}
