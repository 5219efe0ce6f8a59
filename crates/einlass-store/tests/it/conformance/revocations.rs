//! Revocations, and what ends with them.

use super::{APP, NOW, ORGANISATION, TENANT, client_id, new_app, new_secret, seed};
use einlass_protocol::ids::{ClientId, CredentialId};
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::time::UnixTime;
use einlass_store::{Change, Client, ClientKind, Page, PageSize, RedirectUris, Store};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

pub(crate) fn of(subject: Subject, at: UnixTime) -> Revocation {
    Revocation::at(subject, at, at.plus(HOUR))
}

async fn revoke(store: &Store, subject: Subject) -> Vec<Change> {
    store.revoke(&of(subject, NOW), NOW).await.unwrap()
}

/// Revokes a secret and says whether it was this call that ended it.
pub(crate) async fn revoke_secret(store: &Store, secret: CredentialId, at: UnixTime) -> bool {
    let changes = store.revoke(&of(Subject::Credential(secret), at), at).await.unwrap();
    changes.contains(&Change::Client(client_id()))
}

async fn seed_with_secrets(store: &Store) {
    seed(store).await;
    for (id, clear) in [(10, "a"), (11, "b")] {
        store.add_client_secret(&new_secret(id, clear), NOW).await.unwrap();
    }
    store.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
}

async fn secrets_that_work(store: &Store) -> usize {
    store.client_to_authenticate(&client_id(), NOW).await.unwrap().map_or(0, |client| client.secrets.len())
}

async fn is_installed(store: &Store) -> bool {
    store.open_installation(APP, TENANT, NOW).await.unwrap().is_some()
}

pub(crate) async fn a_credential_ends_alone(store: &Store) {
    seed_with_secrets(store).await;
    let changes = revoke(store, Subject::Credential(new_secret(10, "a").id)).await;
    assert_eq!(changes, [Change::Client(client_id()), Change::Revocations]);
    assert_eq!((secrets_that_work(store).await, is_installed(store).await), (1, true));
}

pub(crate) async fn a_client_or_an_app_ends_with_all_its_secrets(store: &Store) {
    seed_with_secrets(store).await;
    let changes = [Change::Client(client_id()), Change::Revocations];
    assert_eq!(revoke(store, Subject::Client(client_id())).await, changes);
    assert_eq!(secrets_that_work(store).await, 0);
    store.add_client_secret(&new_secret(12, "c"), NOW).await.unwrap();
    assert_eq!(revoke(store, Subject::App(APP)).await, changes);
    assert_eq!((secrets_that_work(store).await, is_installed(store).await), (0, false));
    let denied: Vec<_> = store.revocations_after(0, NOW).await.unwrap();
    for id in [10, 11, 12] {
        let with_it = of(Subject::Credential(new_secret(id, "").id), NOW);
        assert!(denied.iter().any(|recorded| recorded.revocation == with_it), "{id}");
    }
    assert_eq!(denied.len(), 5);
}

pub(crate) async fn an_app_that_is_shut_out_can_do_nothing_until_it_is_let_in_again(store: &Store) {
    seed_with_secrets(store).await;
    let public = Client {
        id: "people".parse().unwrap(),
        app: APP,
        algorithm: new_app().algorithm,
        kind: ClientKind::Public,
    };
    let uris = RedirectUris { login: vec!["https://people.example/cb".into()], logout: Vec::new() };
    store.create_public_client(&public, &uris, NOW).await.unwrap();
    store.describe_app(APP, "{}", ("Mirror", &"items.read".parse().unwrap()), NOW).await.unwrap();
    let is_known = async |client: &ClientId| {
        let authenticates = store.client_to_authenticate(client, NOW).await.unwrap().is_some();
        assert_eq!(store.sign_in_client(client).await.unwrap().is_some(), authenticates, "{client}");
        authenticates
    };
    let is_offered = async || {
        let all = Page { after: None, size: PageSize::MOST };
        !store.offered_apps(ORGANISATION, &all).await.unwrap().is_empty()
    };
    assert!(is_known(&client_id()).await && is_known(&public.id).await && is_offered().await);

    // Every client is told of: what is remembered of one without secrets counts no more either.
    let told = revoke(store, Subject::App(APP)).await;
    let clients = [Change::Client(client_id()), Change::Client(public.id.clone())];
    assert_eq!(told, [&clients[..], &[Change::Revocations]].concat());
    for id in [20, 22] {
        assert!(!is_known(&client_id()).await && !is_known(&public.id).await);
        assert!(!is_installed(store).await && !is_offered().await);
        assert_eq!(store.app_shut_out_at(APP).await.unwrap(), Some(NOW));
        // Whatever it is given meanwhile.
        store.add_client_secret(&new_secret(id, "d"), NOW).await.unwrap();
        store.install_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
    }
    revoke(store, Subject::App(APP)).await;
    assert_eq!(store.app_shut_out_at(APP).await.unwrap(), Some(NOW));

    assert_eq!(store.readmit_app(APP, NOW).await.unwrap().as_deref(), Some(&clients[..]));
    assert_eq!(store.readmit_app(APP, NOW).await.unwrap(), None);
    assert_eq!(store.app_shut_out_at(APP).await.unwrap(), None);
    assert!(is_known(&client_id()).await && is_known(&public.id).await && is_offered().await);
    assert_eq!((secrets_that_work(store).await, is_installed(store).await), (0, true));
    store.add_client_secret(&new_secret(21, "e"), NOW).await.unwrap();
    assert_eq!(secrets_that_work(store).await, 1);
}

pub(crate) async fn an_installation_ends_and_its_app_goes_on(store: &Store) {
    seed_with_secrets(store).await;
    let changes = revoke(store, Subject::Installation(APP, TENANT)).await;
    assert_eq!(changes, [Change::Installation(APP, TENANT), Change::Revocations]);
    assert_eq!((secrets_that_work(store).await, is_installed(store).await), (2, false));
}

pub(crate) async fn a_tenant_keeps_what_it_has_installed(store: &Store) {
    seed_with_secrets(store).await;
    assert_eq!(revoke(store, Subject::Tenant(TENANT)).await, [Change::Revocations]);
    assert_eq!((secrets_that_work(store).await, is_installed(store).await), (2, true));
}

pub(crate) async fn who_knows_the_rest_reads_only_what_is_new(store: &Store) {
    revoke(store, Subject::App(APP)).await;
    let first = store.revocations_after(0, NOW).await.unwrap();
    assert_eq!(first[0].revocation, of(Subject::App(APP), NOW));
    assert_eq!(first[0].seq, store.last_change().await.unwrap());
    revoke(store, Subject::Tenant(TENANT)).await;
    let second = store.revocations_after(first[0].seq, NOW).await.unwrap();
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].revocation.subject, Subject::Tenant(TENANT));
    assert_eq!(store.revocations_after(second[0].seq, NOW).await.unwrap(), []);
}

pub(crate) async fn of_two_moments_the_later_one_holds(store: &Store) {
    let later = NOW.plus(HOUR);
    for at in [NOW, later, NOW] {
        store.revoke(&of(Subject::App(APP), at), NOW).await.unwrap();
    }
    let all = store.revocations_after(0, NOW).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].revocation, of(Subject::App(APP), later));
    assert_eq!(all[0].seq, 3);
}

pub(crate) async fn what_denies_nothing_any_more_is_forgotten(store: &Store) {
    revoke(store, Subject::App(APP)).await;
    let end = NOW.plus(HOUR);
    let before = end.minus(Duration::from_millis(1));
    assert_eq!(store.forget_revocations(before).await.unwrap(), 0);
    assert_eq!(store.revocations_after(0, before).await.unwrap().len(), 1);
    assert_eq!(store.revocations_after(0, end).await.unwrap(), []);
    assert_eq!(store.forget_revocations(end).await.unwrap(), 1);
    assert_eq!(store.revocations_after(0, before).await.unwrap(), []);
}
