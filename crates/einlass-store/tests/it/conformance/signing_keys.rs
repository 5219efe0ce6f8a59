//! Signing keys.

use super::NOW;
use einlass_protocol::jose::Algorithm;
use einlass_protocol::time::UnixTime;
use einlass_store::{SealedKey, Store};
use std::time::Duration;

pub(crate) fn key(kid: &str, algorithm: Algorithm, generation: i64) -> SealedKey {
    SealedKey {
        kid: kid.into(),
        algorithm,
        generation,
        sealed_private: "sealed".into(),
        created_at: NOW,
        signs_from: NOW,
        distrusted_at: None,
    }
}

pub(crate) async fn keys_read_back_newest_first(store: &Store) {
    let keys =
        [key("r2", Algorithm::Rs256, 2), key("e1", Algorithm::EdDsa, 1), key("r1", Algorithm::Rs256, 1)];
    for key in keys.iter().rev() {
        assert!(store.claim_signing_key("a", key).await.unwrap());
    }
    assert!(!store.claim_signing_key("a", &key("late", Algorithm::Rs256, 2)).await.unwrap());
    assert!(store.claim_signing_key("b", &key("b1", Algorithm::Rs256, 1)).await.unwrap());
    assert_eq!(store.signing_keys("a").await.unwrap(), keys);
}

pub(crate) async fn several_keys_are_claimed_together(store: &Store) {
    let both = [key("r1", Algorithm::Rs256, 1), key("e1", Algorithm::EdDsa, 1)];
    assert!(store.claim_signing_key("a", &both[0]).await.unwrap());
    assert!(store.claim_signing_keys("a", &both, NOW).await.unwrap());
    assert!(!store.claim_signing_keys("a", &both, NOW).await.unwrap());
    assert_eq!(store.signing_keys("a").await.unwrap().len(), 2);
    assert_eq!(store.last_change().await.unwrap(), 2);
    // The kid of the second is taken, so the first must not stay.
    let half = [key("r2", Algorithm::Rs256, 2), key("e1", Algorithm::EdDsa, 2)];
    store.claim_signing_keys("a", &half, NOW).await.unwrap_err();
    assert_eq!(store.signing_keys("a").await.unwrap().len(), 2);
}

const LATER: UnixTime = UnixTime::from_seconds(NOW.seconds() + 900);

/// Three generations: one retired, one that signs, one announced.
async fn seed_generations(store: &Store) {
    let announced = SealedKey { signs_from: LATER, ..key("r3", Algorithm::Rs256, 3) };
    for key in [key("r1", Algorithm::Rs256, 1), key("r2", Algorithm::Rs256, 2), announced] {
        assert!(store.claim_signing_key("a", &key).await.unwrap());
    }
    let bystanders = [("a", Algorithm::EdDsa), ("b", Algorithm::Rs256)];
    for (number, (issuer, algorithm)) in bystanders.into_iter().enumerate() {
        let bystander = SealedKey { signs_from: LATER, ..key(&format!("other {number}"), algorithm, 3) };
        assert!(store.claim_signing_key(issuer, &bystander).await.unwrap());
    }
}

/// When the keys of `a` sign and whether they are distrusted, by `kid`.
async fn state(store: &Store) -> Vec<(String, UnixTime, bool)> {
    let keys = store.signing_keys("a").await.unwrap();
    let mut state: Vec<_> =
        keys.into_iter().map(|key| (key.kid, key.signs_from, key.distrusted_at.is_some())).collect();
    state.sort();
    state
}

fn expected(r3_signs_from: UnixTime, distrusted: &str) -> Vec<(String, UnixTime, bool)> {
    let keys = [("other 0", LATER), ("r1", NOW), ("r2", NOW), ("r3", r3_signs_from)];
    keys.map(|(kid, signs_from)| (kid.to_owned(), signs_from, kid == distrusted)).into()
}

pub(crate) async fn the_announced_key_succeeds_a_distrusted_one_at_once(store: &Store) {
    seed_generations(store).await;
    let now = NOW.plus(Duration::from_secs(1));
    let before = store.last_change().await.unwrap();
    assert!(store.distrust_signing_key("r2", now).await.unwrap());
    assert_eq!(state(store).await, expected(now, "r2"));
    assert_eq!(store.last_change().await.unwrap(), before + 1);
    assert!(!store.distrust_signing_key("r2", now).await.unwrap());
    assert!(!store.distrust_signing_key("nobody", now).await.unwrap());
    assert_eq!(store.last_change().await.unwrap(), before + 1);
}

pub(crate) async fn distrusting_a_key_that_does_not_sign_hurries_no_other(store: &Store) {
    seed_generations(store).await;
    assert!(store.distrust_signing_key("r1", NOW).await.unwrap());
    assert_eq!(state(store).await, expected(LATER, "r1"));
    let other = SealedKey { signs_from: LATER, ..key("r4", Algorithm::Rs256, 4) };
    assert!(store.claim_signing_key("a", &other).await.unwrap());
    assert!(store.distrust_signing_key("r3", NOW).await.unwrap());
    assert_eq!(state(store).await[4], ("r4".into(), LATER, false));
}

pub(crate) async fn a_key_and_its_successor_change_together(store: &Store) {
    store.claim_signing_key("a", &key("r1", Algorithm::Rs256, 1)).await.unwrap();
    let next = key("r2", Algorithm::Rs256, 2);
    assert!(!store.replace_signing_key("a", &next, "nobody", NOW).await.unwrap());
    assert_eq!(store.signing_keys("a").await.unwrap().len(), 1);
    assert!(store.replace_signing_key("a", &next, "r1", NOW).await.unwrap());
    assert_eq!(state(store).await, [("r1".into(), NOW, true), ("r2".into(), NOW, false)]);
    assert_eq!(store.last_change().await.unwrap(), 2);
}

pub(crate) async fn a_key_is_forgotten_whole(store: &Store) {
    seed_generations(store).await;
    assert!(store.forget_signing_key("r1", NOW).await.unwrap());
    assert!(!store.forget_signing_key("r1", NOW).await.unwrap());
    assert!(store.signing_keys("a").await.unwrap().iter().all(|key| key.kid != "r1"));
}
