//! Clients that people sign in through.

use super::races::race;
use super::{APP, NOW, client_id, new_app, seed};
use einlass_protocol::ids::{AppId, ClientId};
use einlass_store::{Client, ClientKind, RedirectUris, SignInClient, Store, StoreError};
use uuid::Uuid;

pub(crate) fn public_client() -> Client {
    let algorithm = new_app().algorithm;
    Client { id: "public-1".parse().unwrap(), app: APP, algorithm, kind: ClientKind::Public }
}

pub(crate) fn uris(login: &[&str], logout: &[&str]) -> RedirectUris {
    let [login, logout] = [login, logout].map(|list| list.iter().copied().map(String::from).collect());
    RedirectUris { login, logout }
}

pub(crate) async fn a_public_client_signs_people_in(store: &Store) {
    seed(store).await;
    let uris = uris(&["https://app.example/back"], &["https://app.example/bye"]);
    store.create_public_client(&public_client(), &uris, NOW).await.unwrap();
    assert_eq!(store.client(&public_client().id).await.unwrap(), Some(public_client()));
    let known = store.client_to_authenticate(&public_client().id, NOW).await.unwrap().unwrap();
    assert!(known.kind == ClientKind::Public && known.secrets.is_empty());
    let found = store.sign_in_client(&public_client().id).await.unwrap();
    assert_eq!(found, Some(SignInClient { client: public_client(), app: new_app().app, uris: uris.clone() }));

    let service = store.sign_in_client(&client_id()).await.unwrap().unwrap();
    assert_eq!((service.client.kind, service.uris), (ClientKind::Service, RedirectUris::default()));
    assert_eq!(store.sign_in_client(&"nobody".parse().unwrap()).await.unwrap(), None);
    let taken = store.create_public_client(&public_client(), &uris, NOW).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(_))));
    let id: ClientId = "public-2".parse().unwrap();
    let orphan = Client { id: id.clone(), app: AppId::new(Uuid::from_u128(404)), ..public_client() };
    let orphan = store.create_public_client(&orphan, &uris, NOW).await;
    assert!(matches!(orphan, Err(StoreError::MissingReference)));
    assert_eq!(store.client(&id).await.unwrap(), None);
}

pub(crate) async fn addresses_are_kept_letter_by_letter_and_in_their_order(store: &Store) {
    seed(store).await;
    let nobody = "nobody".parse().unwrap();
    assert!(store.set_redirect_uris(&nobody, &uris(&["https://a"], &[]), NOW).await.unwrap().is_none());
    assert_eq!(store.redirect_uris(&nobody).await.unwrap(), RedirectUris::default());
    let many: Vec<String> =
        (0..RedirectUris::MOST).map(|number| format!("https://{number}.example")).collect();
    let many = RedirectUris { login: many.clone(), logout: many };
    for set in [
        uris(&["https://B.example/%7e?x=1&y", "https://a.example/~", "https://b.example/"], &["https://b"]),
        uris(&["https://b"], &["https://z", "https://a", "https://a"]),
        uris(&[], &["https://a"]),
        many.clone(),
    ] {
        assert!(store.set_redirect_uris(&client_id(), &set, NOW).await.unwrap().is_some());
        assert_eq!(store.redirect_uris(&client_id()).await.unwrap(), set);
        assert_eq!(store.sign_in_client(&client_id()).await.unwrap().unwrap().uris, set);
    }
    let mut too_many = many.clone();
    too_many.logout.push("https://a".into());
    assert!(store.set_redirect_uris(&client_id(), &too_many, NOW).await.is_err());
    assert_eq!(store.redirect_uris(&client_id()).await.unwrap(), many, "nothing was changed");
    store.set_redirect_uris(&client_id(), &RedirectUris::default(), NOW).await.unwrap().unwrap();
    assert_eq!(store.redirect_uris(&client_id()).await.unwrap(), RedirectUris::default());
}

pub(crate) async fn of_many_changes_one_holds_whole(store: &Store) {
    seed(store).await;
    let of = |number: usize| RedirectUris {
        login: (0..number % 7).map(|place| format!("https://{number}.example/{place}")).collect(),
        logout: vec![format!("https://{number}.example/bye")],
    };
    let sets = race(store, move |store, number| async move {
        store.set_redirect_uris(&client_id(), &of(number), NOW).await.unwrap().unwrap();
        of(number)
    })
    .await;
    assert!(sets.contains(&store.redirect_uris(&client_id()).await.unwrap()));
}
