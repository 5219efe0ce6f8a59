//! Client secrets.

use super::revocations::revoke_secret;
use super::{NOW, client_id, hash, new_secret, seed};
use einlass_store::{NewSecret, Store, StoreError, Taken};
use std::time::Duration;

async fn working_secrets(store: &Store, after: Duration) -> Vec<u128> {
    let client = store.client_to_authenticate(&client_id(), NOW.plus(after)).await.unwrap().unwrap();
    let mut ids: Vec<u128> = client.secrets.iter().map(|secret| secret.id.uuid().as_u128()).collect();
    ids.sort_unstable();
    ids
}

pub(crate) async fn a_client_is_found_with_the_secrets_that_work(store: &Store) {
    seed(store).await;
    let (hour, moment_before) = (Duration::from_hours(1), Duration::from_millis(3_599_999));
    store.add_client_secret(&new_secret(10, "a"), NOW).await.unwrap();
    let brief = NewSecret { expires_at: Some(NOW.plus(hour)), ..new_secret(11, "b") };
    store.add_client_secret(&brief, NOW).await.unwrap();
    store.add_client_secret(&new_secret(12, "c"), NOW).await.unwrap();
    assert!(revoke_secret(store, new_secret(12, "c").id, NOW).await);

    assert_eq!(working_secrets(store, Duration::ZERO).await, [10, 11]);
    assert_eq!(working_secrets(store, moment_before).await, [10, 11]);
    assert_eq!(working_secrets(store, hour).await, [10]);
    let client = store.client_to_authenticate(&client_id(), NOW.plus(hour)).await.unwrap().unwrap();
    assert!(client.secrets[0].hash.matches(&hash("a")));
}

pub(crate) async fn a_client_without_secrets_is_found(store: &Store) {
    seed(store).await;
    assert_eq!(working_secrets(store, Duration::ZERO).await, [0_u128; 0]);
}

pub(crate) async fn a_secret_is_revoked_once(store: &Store) {
    seed(store).await;
    let secret = new_secret(10, "a");
    store.add_client_secret(&secret, NOW).await.unwrap();
    assert!(matches!(store.add_client_secret(&secret, NOW).await, Err(StoreError::AlreadyExists(Taken::Id))));
    assert!(revoke_secret(store, secret.id, NOW).await);
    assert!(!revoke_secret(store, secret.id, NOW).await);
}

pub(crate) async fn an_unknown_client_is_not_found(store: &Store) {
    seed(store).await;
    let unknown = "client-2".parse().unwrap();
    assert!(store.client_to_authenticate(&unknown, NOW).await.unwrap().is_none());
    let homeless = NewSecret { client_id: unknown, ..new_secret(10, "a") };
    assert!(matches!(store.add_client_secret(&homeless, NOW).await, Err(StoreError::MissingReference)));
}
