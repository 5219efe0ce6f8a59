//! Apps and their clients.

use super::{APP, NOW, client_id, new_app, new_secret, seed};
use einlass_protocol::ids::AppId;
use einlass_store::{Change, NewApp, NewSecret, Store, StoreError, Taken};
use uuid::Uuid;

pub(crate) async fn an_app_and_its_client_are_recorded_together(store: &Store) {
    seed(store).await;
    assert_eq!(store.app(APP).await.unwrap(), Some(new_app().app));
    let client = store.client_to_authenticate(&client_id(), NOW).await.unwrap().unwrap();
    assert_eq!((client.app, client.scopes), (APP, new_app().app.scopes));
}

pub(crate) async fn a_taken_client_id_leaves_no_app_behind(store: &Store) {
    seed(store).await;
    let mut second: NewApp = new_app();
    second.app.id = AppId::new(Uuid::from_u128(99));
    second.app.technical_name = "another".into();
    assert!(matches!(store.register_app(&second, NOW).await, Err(StoreError::AlreadyExists(Taken::Id))));
    assert_eq!(store.app(second.app.id).await.unwrap(), None);
}

pub(crate) async fn a_taken_secret_id_leaves_neither_app_nor_client_behind(store: &Store) {
    seed(store).await;
    store.add_client_secret(&new_secret(10, "a"), NOW).await.unwrap();
    let mut second: NewApp = new_app();
    second.app.id = AppId::new(Uuid::from_u128(99));
    second.app.technical_name = "another".into();
    second.client_id = "client-2".parse().unwrap();
    second.secret = Some(NewSecret { client_id: second.client_id.clone(), ..new_secret(10, "b") });
    assert!(matches!(store.register_app(&second, NOW).await, Err(StoreError::AlreadyExists(Taken::Id))));
    assert_eq!(store.app(second.app.id).await.unwrap(), None);
    assert_eq!(store.client(&second.client_id).await.unwrap(), None);
}

pub(crate) async fn an_app_needs_its_organisation(store: &Store) {
    assert!(matches!(store.register_app(&new_app(), NOW).await, Err(StoreError::MissingReference)));
    assert_eq!(store.app(APP).await.unwrap(), None);
}

pub(crate) async fn what_an_app_asks_for_can_change(store: &Store) {
    let fewer = "items.read".parse().unwrap();
    assert_eq!(store.change_app_scopes(APP, &fewer, NOW).await.unwrap(), None);
    seed(store).await;
    let changes = store.change_app_scopes(APP, &fewer, NOW).await.unwrap();
    assert_eq!(changes, Some(vec![Change::Client(client_id())]));
    assert_eq!(store.app(APP).await.unwrap().unwrap().scopes, fewer);
    let client = store.client_to_authenticate(&client_id(), NOW).await.unwrap().unwrap();
    assert_eq!(client.scopes, fewer);
    assert_eq!(store.last_change().await.unwrap(), 1);
}

pub(crate) async fn a_taken_technical_name_is_told_apart_from_a_taken_id(store: &Store) {
    seed(store).await;
    let mut second: NewApp = new_app();
    second.app.id = AppId::new(Uuid::from_u128(99));
    second.client_id = "client-2".parse().unwrap();
    let refused = store.register_app(&second, NOW).await;
    assert!(matches!(refused, Err(StoreError::AlreadyExists(Taken::TechnicalName))));
}
