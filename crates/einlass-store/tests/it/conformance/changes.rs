//! The change log.

use super::signing_keys::key;
use super::{APP, NOW, TENANT, seed};
use einlass_protocol::jose::Algorithm;
use einlass_store::{Change, RecordedChange, Store};
use std::time::Duration;

const INSTALLATION: Change = Change::Installation(APP, TENANT);

async fn all(store: &Store) -> Vec<RecordedChange> {
    store.changes_after(0, 1_000).await.unwrap()
}

async fn consent(store: &Store) {
    store.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
}

pub(crate) async fn changes_are_numbered_without_gaps_and_read_in_pieces(store: &Store) {
    seed(store).await;
    assert_eq!((store.last_change().await.unwrap(), all(store).await), (0, Vec::new()));
    consent(store).await;
    store.claim_signing_key("a", &key("r1", Algorithm::Rs256, 1)).await.unwrap();
    consent(store).await;
    let first = RecordedChange { seq: 1, change: Some(INSTALLATION) };
    let second = RecordedChange { seq: 2, change: Some(Change::SigningKeys) };
    let third = RecordedChange { seq: 3, change: Some(INSTALLATION) };
    assert_eq!(store.last_change().await.unwrap(), 3);
    assert_eq!(store.changes_after(0, 2).await.unwrap(), [first, second]);
    assert_eq!(store.changes_after(2, 2).await.unwrap(), [third]);
    assert_eq!(store.changes_after(3, 2).await.unwrap(), []);
}

pub(crate) async fn what_changed_nothing_is_no_change(store: &Store) {
    seed(store).await;
    assert!(!store.remove_installation(APP, TENANT, NOW).await.unwrap());
    assert!(!store.complete_setup(APP, TENANT, NOW).await.unwrap());
    assert!(store.claim_signing_key("a", &key("r1", Algorithm::Rs256, 1)).await.unwrap());
    assert!(!store.claim_signing_key("a", &key("late", Algorithm::Rs256, 1)).await.unwrap());
    assert_eq!(all(store).await.len(), 1);
}

pub(crate) async fn a_failed_change_leaves_no_number_behind(store: &Store) {
    store.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap_err();
    assert_eq!(store.last_change().await.unwrap(), 0);
}

pub(crate) async fn old_changes_are_forgotten_and_their_numbers_are_not_used_again(store: &Store) {
    seed(store).await;
    consent(store).await;
    assert_eq!(store.forget_changes(NOW).await.unwrap(), 0);
    assert_eq!(store.forget_changes(NOW.plus(Duration::from_millis(1))).await.unwrap(), 1);
    assert_eq!((store.last_change().await.unwrap(), all(store).await), (1, Vec::new()));
    consent(store).await;
    assert_eq!(all(store).await, [RecordedChange { seq: 2, change: Some(INSTALLATION) }]);
}
