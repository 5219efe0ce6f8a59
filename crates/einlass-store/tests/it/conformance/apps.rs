//! Apps and their clients.

use super::{APP, NOW, ORGANISATION, client_id, new_app, new_secret, seed};
use einlass_protocol::ids::{AppId, OrganisationId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{App, Change, NewApp, NewSecret, Organisation, Page, PageSize, Store, StoreError, Taken};
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

pub(crate) async fn apps_are_found_by_a_part_of_a_name(store: &Store) {
    seed(store).await;
    let other = OrganisationId::new(Uuid::from_u128(70));
    let organisation = Organisation { id: other, name: "Other".into(), kind: OrganisationKind::Partner };
    store.create_organisation(&organisation, NOW).await.unwrap();
    let names = [("parcels", "ÄTSCH 100%"), ("parcels-2", "Labels"), ("mirrors", "Labels")];
    for (number, (technical_name, name)) in (70..).zip(names) {
        let organisation = if number == 72 { ORGANISATION } else { other };
        let (technical_name, name) = (technical_name.into(), name.into());
        let app = App { id: id(number), organisation, technical_name, name, ..new_app().app };
        let client_id = format!("client-{number}").parse().unwrap();
        store.register_app(&NewApp { app, client_id, ..new_app() }, NOW).await.unwrap();
    }
    let found = async |organisation, search: &str, after| {
        let page = Page { after, size: PageSize::new(2).unwrap() };
        let found = store.apps_named_like(organisation, search, &page).await.unwrap();
        found.into_iter().map(|app| app.id).collect::<Vec<_>>()
    };
    assert_eq!(found(None, "", None).await, [APP, id(70)]);
    assert_eq!(found(None, "", Some(id(70))).await, [id(71), id(72)]);
    assert_eq!(found(Some(other), "", None).await, [id(70), id(71)]);
    assert_eq!(found(None, "MIRROR", None).await, [APP, id(72)], "by both names, in any case");
    assert_eq!(found(Some(ORGANISATION), "labels", None).await, [id(72)]);
    assert_eq!(found(None, "labels", Some(id(71))).await, [id(72)]);
    assert_eq!(found(None, "ätsch", None).await, [id(70)]);
    assert_eq!(found(None, "%", None).await, [id(70)], "a sign like others");
    assert!(found(None, "_", None).await.is_empty());

    store.describe_app(APP, "{}", ("Spiegel", &new_app().app.scopes), NOW).await.unwrap();
    assert_eq!(found(None, "spiegel", None).await, [APP], "a new name is found");
    assert_eq!(found(None, "stock-", None).await, [APP], "the technical one stays");
    assert_eq!(found(None, "mirror", None).await, [APP, id(72)]);
}

fn id(number: u128) -> AppId {
    AppId::new(Uuid::from_u128(number))
}
