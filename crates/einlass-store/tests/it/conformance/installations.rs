//! Installations: consented → active → removed.

use super::{APP, NOW, TENANT, seed};
use einlass_protocol::time::UnixTime;
use einlass_store::{CONSENT_LAPSES_AFTER, Installation, Store};
use std::time::Duration;

const MOMENT: Duration = Duration::from_millis(1);

async fn consent(store: &Store, scopes: &str, at: UnixTime) {
    store.consent_to_app(APP, TENANT, &scopes.parse().unwrap(), at).await.unwrap();
}

async fn open_at(store: &Store, at: UnixTime) -> Option<Installation> {
    store.open_installation(APP, TENANT, at).await.unwrap()
}

fn active(scopes: &str) -> Installation {
    Installation { granted: scopes.parse().unwrap(), lapses_at: None }
}

pub(crate) async fn a_consent_opens_and_lapses_after_a_day(store: &Store) {
    seed(store).await;
    assert_eq!(open_at(store, NOW).await, None);
    consent(store, "items.read", NOW).await;
    let end = NOW.plus(CONSENT_LAPSES_AFTER);
    let expected = Installation { granted: "items.read".parse().unwrap(), lapses_at: Some(end) };
    assert_eq!(open_at(store, end.minus(MOMENT)).await, Some(expected));
    assert_eq!(open_at(store, end).await, None);
}

pub(crate) async fn setup_makes_it_last(store: &Store) {
    seed(store).await;
    consent(store, "items.read", NOW).await;
    assert!(store.complete_setup(APP, TENANT, NOW).await.unwrap());
    assert!(store.complete_setup(APP, TENANT, NOW).await.unwrap());
    assert_eq!(open_at(store, NOW.plus(CONSENT_LAPSES_AFTER * 100)).await, Some(active("items.read")));
}

pub(crate) async fn setup_cannot_complete_what_lapsed_or_was_removed(store: &Store) {
    seed(store).await;
    assert!(!store.complete_setup(APP, TENANT, NOW).await.unwrap());
    consent(store, "items.read", NOW).await;
    assert!(!store.complete_setup(APP, TENANT, NOW.plus(CONSENT_LAPSES_AFTER)).await.unwrap());
    assert!(store.remove_installation(APP, TENANT, NOW).await.unwrap());
    assert!(!store.remove_installation(APP, TENANT, NOW).await.unwrap());
    assert!(!store.complete_setup(APP, TENANT, NOW).await.unwrap());
    assert_eq!(open_at(store, NOW).await, None);
}

pub(crate) async fn a_new_consent_after_removal_starts_again(store: &Store) {
    seed(store).await;
    consent(store, "items.read", NOW).await;
    store.complete_setup(APP, TENANT, NOW).await.unwrap();
    store.remove_installation(APP, TENANT, NOW).await.unwrap();
    consent(store, "items.write", NOW).await;
    let lapses_at = Some(NOW.plus(CONSENT_LAPSES_AFTER));
    let expected = Installation { granted: "items.write".parse().unwrap(), lapses_at };
    assert_eq!(open_at(store, NOW).await, Some(expected));
}

pub(crate) async fn a_new_consent_while_active_changes_the_scopes_alone(store: &Store) {
    seed(store).await;
    consent(store, "items.read", NOW).await;
    store.complete_setup(APP, TENANT, NOW).await.unwrap();
    consent(store, "items.read items.write", NOW).await;
    assert_eq!(open_at(store, NOW).await, Some(active("items.read items.write")));
}

pub(crate) async fn an_administrator_installs_without_a_setup(store: &Store) {
    seed(store).await;
    let install = async |scopes: &str| {
        store.install_app(APP, TENANT, &scopes.parse().unwrap(), NOW).await.unwrap();
        assert_eq!(open_at(store, NOW.plus(CONSENT_LAPSES_AFTER)).await, Some(active(scopes)));
    };
    install("items.read").await;
    install("items.write").await;
    store.remove_installation(APP, TENANT, NOW).await.unwrap();
    install("items.read").await;
    let nowhere = einlass_protocol::ids::TenantId::new(uuid::Uuid::from_u128(77));
    let refused = store.install_app(APP, nowhere, &"items.read".parse().unwrap(), NOW).await;
    assert!(matches!(refused, Err(einlass_store::StoreError::MissingReference)));
    assert_eq!(store.last_change().await.unwrap(), 4);
}

pub(crate) async fn more_is_granted_only_to_what_is_there(store: &Store) {
    seed(store).await;
    let more = "items.read items.write".parse().unwrap();
    assert!(!store.grant_more(APP, TENANT, &more, NOW).await.unwrap());
    consent(store, "items.read", NOW).await;
    assert!(store.grant_more(APP, TENANT, &more, NOW).await.unwrap());
    let lapses_at = Some(NOW.plus(CONSENT_LAPSES_AFTER));
    let expected = Installation { granted: more.clone(), lapses_at };
    assert_eq!(open_at(store, NOW).await, Some(expected), "a consent that is open stays as long as it was");
    assert!(!store.grant_more(APP, TENANT, &more, NOW.plus(CONSENT_LAPSES_AFTER)).await.unwrap());
    store.complete_setup(APP, TENANT, NOW).await.unwrap();
    store.remove_installation(APP, TENANT, NOW).await.unwrap();
    assert!(!store.grant_more(APP, TENANT, &more, NOW).await.unwrap(), "what was removed stays removed");
    assert_eq!(open_at(store, NOW).await, None);
}
