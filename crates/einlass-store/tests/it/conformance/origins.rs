//! Whose pages may read in a browser what we answer.

use super::races::race;
use super::redirects::{public_client, uris};
use super::{APP, NOW, client_id, seed};
use einlass_protocol::ids::AppId;
use einlass_store::{App, Change, NewApp, RedirectUris, Store};
use uuid::Uuid;

/// A manifest with a page of each kind, and with addresses of other kinds.
pub(crate) fn manifest(origin: &str) -> String {
    let manifest = r#"{
        "manifestVersion": "1",
        "version": "1.0.0",
        "name": {"short": "Mirror", "full": "Mirror"},
        "description": {"short": "Mirrors.", "full": "Mirrors."},
        "legal": {"privacyUrl": "https://legal.example/privacy"},
        "lifecycle": {"setupUrl": "ORIGIN/setup"},
        "capabilities": {
            "hub": {"appLauncher": {"redirectUrl": "https://own.example/"}},
            "erp": {
                "menuItems": [{"id": "stock", "name": "Stock", "url": "https://Menu.example:443/stock"}],
                "pane": [{"url": "https://pane.example:8443/?a", "title": "Pane", "context": "customers"}],
                "api": {"scopes": []}
            }
        }
    }"#;
    manifest.replace("ORIGIN", origin)
}

pub(crate) async fn describe(store: &Store, app: AppId, manifest: &str) -> Vec<Change> {
    let scopes = "items.read".parse().unwrap();
    store.describe_app(app, manifest, ("Mirror", &scopes), NOW).await.unwrap().unwrap()
}

async fn has(store: &Store, origin: &str) -> bool {
    store.is_registered_origin(origin).await.unwrap()
}

pub(crate) async fn an_apps_pages_and_where_people_come_back_to_are_registered(store: &Store) {
    seed(store).await;
    describe(store, APP, &manifest("https://app.example")).await;
    let login =
        ["https://Login.example/back", "http://localhost:3000/back", "http://127.0.0.1/back", "no address"];
    store
        .create_public_client(&public_client(), &uris(&login, &["https://out.example/"]), NOW)
        .await
        .unwrap();
    for origin in [
        "https://app.example",
        "https://menu.example",
        "https://pane.example:8443",
        "https://login.example",
        "http://localhost:3000",
    ] {
        assert!(has(store, origin).await, "{origin}");
    }
    for origin in [
        "",
        "null",
        "https://legal.example",
        "https://own.example",
        "https://out.example",
        "https://pane.example",
        "http://app.example",
        "https://App.example",
        "https://app.example/setup",
        // A program at any port, and no page.
        "http://127.0.0.1",
        "http://127.0.0.1:50000",
    ] {
        assert!(!has(store, origin).await, "{origin}");
    }
}

pub(crate) async fn an_origin_counts_while_somebody_has_it(store: &Store) {
    seed(store).await;
    let other = AppId::new(Uuid::from_u128(50));
    let new = super::new_app();
    let app = App { id: other, technical_name: "other".into(), ..new.app.clone() };
    store.register_app(&NewApp { app, client_id: "client-50".parse().unwrap(), ..new }, NOW).await.unwrap();
    describe(store, APP, &manifest("https://app.example")).await;
    describe(store, other, &manifest("https://app.example")).await;
    let back = uris(&["https://app.example/back", "https://app.example/again"], &[]);
    store.set_redirect_uris(&client_id(), &back, NOW).await.unwrap();
    describe(store, APP, "{}").await;
    describe(store, other, &manifest("https://moved.example")).await;
    assert!(has(store, "https://app.example").await && has(store, "https://moved.example").await);
    store.set_redirect_uris(&client_id(), &RedirectUris::default(), NOW).await.unwrap();
    assert!(!has(store, "https://app.example").await);
}

pub(crate) async fn what_moved_is_told_and_nothing_else(store: &Store) {
    seed(store).await;
    let client = Change::Client(client_id());
    let here = manifest("https://app.example");
    assert_eq!(describe(store, APP, &here).await, [client.clone(), Change::Origins]);
    assert_eq!(describe(store, APP, &here).await, std::slice::from_ref(&client));
    assert_eq!(describe(store, APP, &manifest("https://moved.example")).await, [client, Change::Origins]);
    let set = async |login: &[&str]| {
        store.set_redirect_uris(&client_id(), &uris(login, &["https://out.example/"]), NOW).await.unwrap()
    };
    assert_eq!(set(&["https://a.example/back"]).await, Some(vec![Change::Origins]));
    assert_eq!(set(&["https://a.example/other"]).await, Some(Vec::new()));
    assert_eq!(set(&[]).await, Some(vec![Change::Origins]));
    let made = store.create_public_client(&public_client(), &RedirectUris::default(), NOW).await.unwrap();
    assert_eq!(made, []);
    let told = store.changes_after(0, 100).await.unwrap();
    let told = told.iter().filter(|it| it.change == Some(Change::Origins));
    assert_eq!(told.count(), 4);
}

pub(crate) async fn of_many_changes_one_holds_whole(store: &Store) {
    seed(store).await;
    let of = |number: usize| format!("https://{number}.example");
    race(store, move |store, number| async move {
        describe(&store, APP, &manifest(&of(number))).await;
    })
    .await;
    let mut held = 0;
    for number in 0..100 {
        held += usize::from(has(store, &of(number)).await);
    }
    assert_eq!(held, 1);
    assert!(has(store, "https://menu.example").await);
}
