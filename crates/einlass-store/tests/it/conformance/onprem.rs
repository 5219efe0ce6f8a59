//! On-premise registrations under races: who reads the key, who gets an app's name, and what a revocation finds.

use super::races::{race, wins};
use super::{NOW, ORGANISATION, hash, seed};
use einlass_protocol::ids::{RegistrationId, SiteId};
use einlass_protocol::onprem::ChallengeCode;
use einlass_store::{
    Change, NewRegistration, Page, PageSize, Polled, RegistrationState, Requested, Site, Store,
};
use std::time::Duration;
use uuid::Uuid;

const HOUR: Duration = Duration::from_hours(1);

fn id(number: u128) -> RegistrationId {
    RegistrationId::new(Uuid::from_u128(number))
}

fn site() -> Site {
    Site {
        id: SiteId::new(Uuid::from_u128(70)),
        organisation: ORGANISATION,
        database: "eazybusiness".parse().unwrap(),
        name: "Warehouse".into(),
        waiting_until: None,
        licensed: true,
    }
}

fn code(text: &str) -> ChallengeCode {
    ChallengeCode::parse(text).unwrap()
}

fn new(number: u128, app: &str) -> NewRegistration {
    NewRegistration {
        id: id(number),
        site: site().id,
        instance_of: None,
        app_id: app.into(),
        manifest: "{}".into(),
        mandatory: "items.read".parse().unwrap(),
        optional: "items.write".parse().unwrap(),
        kind: 0,
        signature: "none".into(),
        challenge: code("code"),
        expires_at: NOW.plus(HOUR),
    }
}

async fn wait(store: &Store) {
    let until = Some(NOW.plus(HOUR));
    assert!(store.await_registration(site().id, until, "anna", NOW).await.unwrap());
}

pub(crate) async fn with_site(store: &Store) {
    seed(store).await;
    store.create_site(&site(), NOW).await.unwrap();
}

async fn accepted(store: &Store, number: u128) {
    wait(store).await;
    let new = new(number, &format!("app-{number}/v1"));
    assert_eq!(store.request_registration(&new, NOW).await.unwrap(), Requested::Made);
    let granted = "items.read".parse().unwrap();
    let decided = store.decide_registration(id(number), Some(&granted), ("anna", NOW.plus(HOUR)), NOW).await;
    assert!(decided.unwrap());
}

/// An app whose key was read.
pub(crate) async fn active(store: &Store, number: u128) {
    accepted(store, number).await;
    assert!(matches!(poll(store, number, &format!("key {number}")).await, Polled::Key(_)));
}

/// Ends it.
pub(crate) async fn end(store: &Store, number: u128) {
    assert_eq!(store.revoke_registration(id(number), NOW).await.unwrap().len(), 1);
}

async fn poll(store: &Store, number: u128, key: &str) -> Polled {
    store.poll_registration(id(number), &code("code"), &hash(key), NOW).await.unwrap()
}

pub(crate) async fn a_registration_goes_its_way_once(store: &Store) {
    with_site(store).await;
    assert_eq!(store.request_registration(&new(1, "app/v1"), NOW).await.unwrap(), Requested::NobodyWaits);
    wait(store).await;
    assert_eq!(store.request_registration(&new(1, "app/v1"), NOW).await.unwrap(), Requested::Made);
    assert_eq!(store.request_registration(&new(2, "b/v1"), NOW).await.unwrap(), Requested::NobodyWaits);
    let repeated = store.request_registration(&new(2, "APP/v1"), NOW).await.unwrap();
    assert_eq!(repeated, Requested::Known(id(1)), "its answer was lost");
    let other = NewRegistration { challenge: code("other"), ..new(2, "APP/v1") };
    wait(store).await;
    assert_eq!(store.request_registration(&other, NOW).await.unwrap(), Requested::Taken);
    assert!(store.site(site().id).await.unwrap().unwrap().waiting_until.is_some(), "nobody came");
    assert_eq!(poll(store, 1, "k").await, Polled::Pending);
    assert_eq!(poll(store, 3, "k").await, Polled::Unknown);
    let guessed = store.poll_registration(id(1), &code("guess"), &hash("k"), NOW).await.unwrap();
    assert_eq!(guessed, Polled::Unknown);
    let granted = "items.read".parse().unwrap();
    let late =
        store.decide_registration(id(1), Some(&granted), ("anna", NOW.plus(HOUR)), NOW.plus(HOUR)).await;
    assert!(!late.unwrap(), "it waited for too long");
    assert!(store.decide_registration(id(1), Some(&granted), ("anna", NOW.plus(HOUR)), NOW).await.unwrap());
    assert!(!store.decide_registration(id(1), None, ("bert", NOW.plus(HOUR)), NOW).await.unwrap());
    assert_eq!(poll(store, 1, "k").await, Polled::Key(granted));
    let found = store.api_key(&hash("k")).await.unwrap().unwrap();
    assert_eq!(
        (found.registration, found.database.as_str(), &*found.app_id),
        (id(1), "eazybusiness", "app/v1")
    );
    assert!(found.licensed);
    assert!(store.license_site(site().id, false, NOW).await.unwrap());
    assert!(!store.license_site(site().id, false, NOW).await.unwrap(), "it was so");
    assert!(!store.api_key(&hash("k")).await.unwrap().unwrap().licensed);
    store.use_api_key(id(1), NOW.plus(HOUR)).await.unwrap();
    let page = Page { after: None, size: PageSize::MOST };
    let listed = store.registrations_of(site().id, &page).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].state, listed[0].last_used_at),
        (1, RegistrationState::Active, Some(NOW.plus(HOUR)))
    );
    let after = Page { after: Some(id(1)), size: PageSize::MOST };
    assert!(store.registrations_of(site().id, &after).await.unwrap().is_empty());
    assert_eq!(store.revoke_registration(id(1), NOW).await.unwrap(), [Change::Registration(id(1))]);
    assert_eq!(store.revoke_registration(id(1), NOW).await.unwrap(), []);
    assert_eq!(store.api_key(&hash("k")).await.unwrap(), None);
    let heard = store.changes_after(0, 10).await.unwrap();
    assert_eq!(heard.last().unwrap().change, Some(Change::Registration(id(1))));
}

pub(crate) async fn what_nobody_decides_or_fetches_goes_away(store: &Store) {
    with_site(store).await;
    accepted(store, 1).await;
    wait(store).await;
    assert_eq!(store.request_registration(&new(2, "b/v1"), NOW).await.unwrap(), Requested::Made);
    store.forget_registrations(NOW.plus(HOUR)).await.unwrap();
    assert!(store.registration(id(2)).await.unwrap().is_none());
    let kept = store.registration(id(1)).await.unwrap().unwrap();
    assert_eq!(kept.state, RegistrationState::Revoked, "its history stays");
    assert_eq!(poll(store, 1, "k").await, Polled::AlreadyRead);
    assert_eq!(store.api_key(&hash("k")).await.unwrap(), None);
}

pub(crate) async fn of_many_polls_one_gets_the_key(store: &Store) {
    with_site(store).await;
    accepted(store, 1).await;
    let outcomes = race(store, |store, number| async move {
        matches!(poll(&store, 1, &format!("key {number}")).await, Polled::Key(_))
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
    let mut working = 0;
    for number in 0..outcomes.len() {
        working += usize::from(store.api_key(&hash(&format!("key {number}"))).await.unwrap().is_some());
    }
    assert_eq!(working, 1);
}

pub(crate) async fn of_many_registrations_of_one_app_one_is_made(store: &Store) {
    with_site(store).await;
    let outcomes = race(store, |store, number| async move {
        wait(&store).await;
        let challenge = code(&format!("code {number}").replace(' ', "-"));
        let new = NewRegistration { challenge, ..new(100 + number as u128, "app/v1") };
        store.request_registration(&new, NOW).await.unwrap() == Requested::Made
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}

pub(crate) async fn of_a_poll_and_a_revocation_none_leaves_a_key_that_works(store: &Store) {
    with_site(store).await;
    for number in 1..6 {
        accepted(store, number).await;
        race(store, move |store, racer| async move {
            if racer % 2 == 0 {
                return !store.revoke_registration(id(number), NOW).await.unwrap().is_empty();
            }
            matches!(poll(&store, number, &format!("key {number} {racer}")).await, Polled::Key(_))
        })
        .await;
        for racer in 0..64 {
            let found = store.api_key(&hash(&format!("key {number} {racer}"))).await.unwrap();
            assert_eq!(found, None, "registration {number}");
        }
    }
}

pub(crate) async fn a_revoked_app_ends_with_its_instances(store: &Store) {
    with_site(store).await;
    accepted(store, 1).await;
    assert!(matches!(poll(store, 1, "first").await, Polled::Key(_)));
    for number in [2, 3] {
        wait(store).await;
        let instance = NewRegistration { instance_of: Some(id(1)), ..new(number, "app-1/v1") };
        assert_eq!(store.request_registration(&instance, NOW).await.unwrap(), Requested::Made);
    }
    let granted = "items.read".parse().unwrap();
    assert!(store.decide_registration(id(2), Some(&granted), ("anna", NOW.plus(HOUR)), NOW).await.unwrap());
    assert!(matches!(poll(store, 2, "second").await, Polled::Key(_)));
    accepted(store, 4).await;
    assert!(matches!(poll(store, 4, "other").await, Polled::Key(_)));
    let ended = store.revoke_registration(id(1), NOW).await.unwrap();
    assert_eq!(ended.len(), 3, "with what was not decided");
    for (key, works) in [("first", false), ("second", false), ("other", true)] {
        assert_eq!(store.api_key(&hash(key)).await.unwrap().is_some(), works, "{key}");
    }
    assert!(!store.decide_registration(id(3), Some(&granted), ("anna", NOW.plus(HOUR)), NOW).await.unwrap());
    assert!(
        store.registration(id(1)).await.unwrap().unwrap().challenge.is_none(),
        "nobody needs it any more"
    );
}
