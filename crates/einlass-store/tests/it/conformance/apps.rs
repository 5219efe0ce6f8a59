//! Apps and their clients.

use super::{APP, NOW, ORGANISATION, client_id, new_app, new_secret, seed};
use einlass_protocol::ids::{AppId, OrganisationId};
use einlass_protocol::manifest::Manifest;
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{
    App, Change, Client, ClientKind, ListingState, NewApp, NewSecret, Organisation, Page, PageSize,
    RedirectUris, Store, StoreError, Taken,
};
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

pub(crate) async fn an_app_is_recorded_with_what_it_says_of_itself_or_not_at_all(store: &Store) {
    seed(store).await;
    let described = |number: u128, name: &str| {
        let mut new = new_app();
        new.app.id = AppId::new(Uuid::from_u128(number));
        new.app.technical_name = name.into();
        new.client_id = format!("client-of-{name}").parse().unwrap();
        new
    };
    let sign_in = |new: &NewApp, id: &str| Client {
        id: id.parse().unwrap(),
        app: new.app.id,
        algorithm: new.algorithm,
        kind: ClientKind::Public,
    };
    let uris = RedirectUris { login: vec!["https://people.example/cb".into()], logout: Vec::new() };
    let manifest = Manifest::EXAMPLE;

    // The client through which people sign in has an id that is taken: then there is nothing of it.
    let new = described(99, "parcels");
    let taken = sign_in(&new, client_id().as_str());
    let refused = store.register_described_app(&new, manifest, Some((&taken, &uris)), NOW).await;
    assert!(matches!(refused, Err(StoreError::AlreadyExists(Taken::Id))));
    assert_eq!(store.app(new.app.id).await.unwrap(), None);
    assert_eq!(store.client(&new.client_id).await.unwrap(), None);
    assert!(!store.is_registered_origin("https://people.example").await.unwrap());
    assert_eq!(store.last_change().await.unwrap(), 0);

    let people = sign_in(&new, "people");
    let changes = store.register_described_app(&new, manifest, Some((&people, &uris)), NOW).await.unwrap();
    assert_eq!(changes, [Change::Origins], "other nodes hear of its pages once");
    assert_eq!(store.last_change().await.unwrap(), 1);
    let listing = store.listing(new.app.id).await.unwrap().unwrap();
    assert_eq!((listing.app, listing.state), (new.app.clone(), ListingState::Development));
    assert_eq!(listing.manifest.as_deref(), Some(manifest));
    assert_eq!(store.client(&people.id).await.unwrap(), Some(people.clone()));
    assert_eq!(store.redirect_uris(&people.id).await.unwrap(), uris);
    let framed = Manifest::read(manifest).unwrap();
    for origin in framed.framed().into_iter().chain(["https://people.example"]) {
        assert!(store.is_registered_origin(origin).await.unwrap(), "{origin}");
    }

    // One that nobody signs in through, at the same pages: there is nothing to hear of.
    let other = described(98, "labels");
    store.register_described_app(&other, manifest, None, NOW).await.unwrap();
    assert!(store.listing(other.app.id).await.unwrap().unwrap().manifest.is_some());
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
