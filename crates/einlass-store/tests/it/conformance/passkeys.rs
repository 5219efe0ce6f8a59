//! Passkeys, and questions that are answered once.

use super::people::{password, person};
use super::races::{race, wins};
use super::{NOW, hash};
use einlass_protocol::ids::PasskeyId;
use einlass_store::{Ceremony, Passkey, Store, StoreError};
use std::time::Duration;
use uuid::Uuid;

fn passkey(number: u128) -> Passkey {
    Passkey {
        id: PasskeyId::new(Uuid::from_u128(number)),
        credential_id: format!("credential-{number}"),
        name: "Laptop".into(),
        credential: "{}".into(),
        created_at: NOW,
        last_used_at: None,
    }
}

async fn with_people(store: &Store) {
    for number in [1, 2] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
    }
}

fn asked() -> Ceremony {
    let expires_at = NOW.plus(Duration::from_mins(5));
    Ceremony { person: person(1).id, purpose: "sign in".into(), state: "{}".into(), expires_at }
}

pub(crate) async fn a_passkey_is_one_persons(store: &Store) {
    with_people(store).await;
    store.add_passkey(person(1).id, &passkey(1), NOW).await.unwrap();
    let same = Passkey { credential_id: passkey(1).credential_id, ..passkey(2) };
    let taken = store.add_passkey(person(2).id, &same, NOW).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(_))));
    store.add_passkey(person(1).id, &passkey(2), NOW).await.unwrap();
    assert_eq!(store.passkeys_of(person(1).id).await.unwrap(), [passkey(1), passkey(2)]);

    let later = NOW.plus(Duration::from_mins(1));
    store.use_passkey(person(2).id, passkey(1).id, "{\"of\":2}", later).await.unwrap();
    assert_eq!(store.passkeys_of(person(1).id).await.unwrap()[0], passkey(1), "another's use is none");
    store.use_passkey(person(1).id, passkey(1).id, "{\"of\":1}", later).await.unwrap();
    let used = &store.passkeys_of(person(1).id).await.unwrap()[0];
    assert_eq!((used.credential.as_str(), used.last_used_at), ("{\"of\":1}", Some(later)));

    assert!(!store.remove_passkey(person(2).id, passkey(1).id, NOW).await.unwrap());
    assert!(store.remove_passkey(person(1).id, passkey(1).id, NOW).await.unwrap());
    assert_eq!(store.passkeys_of(person(1).id).await.unwrap(), [passkey(2)]);
}

pub(crate) async fn a_question_is_answered_in_time_and_for_what_it_was_asked(store: &Store) {
    with_people(store).await;
    store.ask_browser(&hash("code"), &asked()).await.unwrap();
    let answer = async |purpose, at| store.take_answer(&hash("code"), purpose, at).await.unwrap();
    assert_eq!(answer("add passkey", NOW).await, None);
    assert_eq!(answer("sign in", asked().expires_at).await, None, "it is too late");
    assert_eq!(answer("sign in", NOW).await, Some(asked()));
    assert_eq!(answer("sign in", NOW).await, None, "it was answered");
}

pub(crate) async fn of_many_answers_to_one_question_one_counts(store: &Store) {
    with_people(store).await;
    store.ask_browser(&hash("code"), &asked()).await.unwrap();
    let outcomes = race(store, |store, _| async move {
        store.take_answer(&hash("code"), "sign in", NOW).await.unwrap().is_some()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}
