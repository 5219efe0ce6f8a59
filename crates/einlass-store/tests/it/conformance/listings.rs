//! What apps say of themselves: who finds them, and what is told of those that are installed.

use super::{APP, NOW, ORGANISATION, TENANT, client_id, new_app, seed};
use einlass_protocol::ids::{AppId, OrganisationId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{App, Change, ListingState, NewApp, Organisation, Page, PageSize, Store};
use uuid::Uuid;

const MERCHANT: OrganisationId = OrganisationId::new(Uuid::from_u128(40));

async fn describe(store: &Store, app: AppId, manifest: &str) -> Option<Vec<Change>> {
    let scopes = "items.read".parse().unwrap();
    store.describe_app(app, manifest, ("Mirror", &scopes), NOW).await.unwrap()
}

async fn offered(store: &Store, merchant: OrganisationId) -> Vec<AppId> {
    let page = Page { after: None, size: PageSize::new(10).unwrap() };
    store.offered_apps(merchant, &page).await.unwrap().into_iter().map(|it| it.app.id).collect()
}

async fn with_merchant(store: &Store) {
    seed(store).await;
    let merchant = Organisation { id: MERCHANT, name: "Anna".into(), kind: OrganisationKind::Merchant };
    store.create_organisation(&merchant, NOW).await.unwrap();
}

pub(crate) async fn a_manifest_changes_what_an_app_is_called_and_asks_for(store: &Store) {
    seed(store).await;
    let before = store.listing(APP).await.unwrap().unwrap();
    assert_eq!((before.manifest, before.state), (None, ListingState::Development));
    assert_eq!(describe(store, APP, "{}").await, Some(vec![Change::Client(client_id())]));
    let after = store.listing(APP).await.unwrap().unwrap();
    let expected = App { name: "Mirror".into(), scopes: "items.read".parse().unwrap(), ..new_app().app };
    assert_eq!((after.app, after.manifest.as_deref()), (expected, Some("{}")));
    let unknown = AppId::new(Uuid::from_u128(404));
    assert_eq!(describe(store, unknown, "{}").await, None);
    assert_eq!(store.listing(unknown).await.unwrap(), None);
}

pub(crate) async fn an_app_is_found_by_its_maker_and_when_published_by_everybody(store: &Store) {
    with_merchant(store).await;
    assert!(!store.list_app(APP, ListingState::Published, NOW).await.unwrap(), "it has no manifest");
    assert!(offered(store, ORGANISATION).await.is_empty());
    describe(store, APP, "{}").await;
    assert_eq!(offered(store, ORGANISATION).await, [APP]);
    assert!(offered(store, MERCHANT).await.is_empty());
    assert!(store.list_app(APP, ListingState::Published, NOW).await.unwrap());
    assert!(!store.list_app(APP, ListingState::Published, NOW).await.unwrap(), "it is already");
    assert_eq!(offered(store, MERCHANT).await, [APP]);
    describe(store, APP, r#"{"a":1}"#).await;
    assert_eq!(offered(store, MERCHANT).await, [APP], "a newer manifest leaves it published");
    assert!(store.list_app(APP, ListingState::Development, NOW).await.unwrap());
    assert!(offered(store, MERCHANT).await.is_empty());
}

pub(crate) async fn what_is_at_a_tenant_says_of_itself_what_it_said(store: &Store) {
    seed(store).await;
    let silent = AppId::new(Uuid::from_u128(50));
    let app = App { id: silent, technical_name: "silent".into(), ..new_app().app };
    let new = NewApp { app, client_id: "client-50".parse().unwrap(), ..new_app() };
    store.register_app(&new, NOW).await.unwrap();
    describe(store, APP, "{}").await;
    let scopes = "items.read".parse().unwrap();
    for app in [APP, silent] {
        store.install_app(app, TENANT, &scopes, NOW).await.unwrap();
    }
    let page = Page { after: None, size: PageSize::new(10).unwrap() };
    let at = async || {
        let found = store.apps_at(TENANT, &page, NOW).await.unwrap();
        found.into_iter().map(|it| (it.listing.app.id, it.listing.manifest)).collect::<Vec<_>>()
    };
    assert_eq!(at().await, [(APP, Some("{}".into())), (silent, None)]);
    store.remove_installation(APP, TENANT, NOW).await.unwrap();
    assert_eq!(at().await, [(silent, None)]);
}

pub(crate) async fn apps_are_listed_by_who_finds_them(store: &Store) {
    seed(store).await;
    let ids = [60, 61, 62].map(|number| AppId::new(Uuid::from_u128(number)));
    for (id, name) in ids.into_iter().zip(["a", "b", "c"]) {
        let app = App { id, technical_name: name.into(), ..new_app().app };
        let client_id = format!("client-{name}").parse().unwrap();
        store.register_app(&NewApp { app, client_id, ..new_app() }, NOW).await.unwrap();
        describe(store, id, "{}").await;
    }
    let listed = async |state, after| {
        let page = Page { after, size: PageSize::new(2).unwrap() };
        let listed = store.listings_in(state, "", &page).await.unwrap();
        assert!(listed.iter().all(|it| it.state == state && it.manifest.is_some()));
        listed.into_iter().map(|it| it.app.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(ListingState::Development, None).await, ids[..2], "what has no manifest is not listed");
    assert_eq!(listed(ListingState::Development, Some(ids[1])).await, ids[2..]);
    for id in [ids[0], ids[2]] {
        assert!(store.list_app(id, ListingState::Submitted, NOW).await.unwrap());
    }
    assert_eq!(listed(ListingState::Submitted, None).await, [ids[0], ids[2]]);
    assert_eq!(listed(ListingState::Development, None).await, [ids[1]]);
    assert!(listed(ListingState::Published, None).await.is_empty());
    let all = Page { after: None, size: PageSize::new(9).unwrap() };
    let called = async |name| store.listings_in(ListingState::Submitted, name, &all).await.unwrap();
    let found: Vec<_> = called("C").await.into_iter().filter(|it| it.app.technical_name == "c").collect();
    assert_eq!(found.len(), 1, "case is not looked at");
    assert!(called("nothing is called that").await.is_empty());
}
