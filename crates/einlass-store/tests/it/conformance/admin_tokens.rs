//! Admin tokens.

use super::{NOW, hash};
use einlass_protocol::ids::CredentialId;
use einlass_store::{AdminToken, NewAdminToken, Store, StoreError};
use std::time::Duration;
use uuid::Uuid;

pub(crate) async fn a_token_is_found_by_its_hash_until_it_expires(store: &Store) {
    let id = CredentialId::new(Uuid::from_u128(5));
    let end = NOW.plus(Duration::from_mins(1));
    let new = NewAdminToken { id, name: "ops".into(), hash: hash("token"), expires_at: Some(end) };
    store.create_admin_token(&new, NOW).await.unwrap();
    assert!(matches!(store.create_admin_token(&new, NOW).await, Err(StoreError::AlreadyExists)));

    let found = store.admin_token(&hash("token"), NOW).await.unwrap();
    assert_eq!(found, Some(AdminToken { id, name: "ops".into() }));
    assert_eq!(store.admin_token(&hash("token"), end).await.unwrap(), None);
    assert_eq!(store.admin_token(&hash("other"), NOW).await.unwrap(), None);
}
