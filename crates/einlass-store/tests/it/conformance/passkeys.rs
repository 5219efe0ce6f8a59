//! Passkeys, and questions that are answered once.

use super::people::{password, person, session};
use super::races::{race, wins};
use super::{NOW, hash};
use einlass_protocol::ids::PasskeyId;
use einlass_store::{Ceremony, Passkey, Store, StoreError};
use std::time::Duration;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_mins(5);

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
    let add = async |whose, new: &Passkey| {
        store.add_passkey((person(whose).id, session(1, 1).id), new, 2, NOW).await
    };
    assert!(add(1, &passkey(1)).await.unwrap());
    let same = Passkey { credential_id: passkey(1).credential_id, ..passkey(2) };
    let taken = add(2, &same).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(_))));
    assert!(add(1, &passkey(2)).await.unwrap());
    assert!(!add(1, &passkey(3)).await.unwrap(), "so many and no more");
    assert_eq!(store.passkeys_of(person(1).id).await.unwrap(), [passkey(1), passkey(2)]);

    let later = NOW.plus(Duration::from_mins(1));
    let used = async |whose: u128, old, new| {
        store.use_passkey(person(whose).id, passkey(1).id, (old, new), later).await.unwrap()
    };
    assert!(!used(2, "{}", "{\"of\":2}").await);
    assert_eq!(store.passkeys_of(person(1).id).await.unwrap()[0], passkey(1), "another's use is none");
    assert!(used(1, "{}", "{\"of\":1}").await);
    assert!(!used(1, "{}", "{\"of\":0}").await, "it was used meanwhile");
    let used = &store.passkeys_of(person(1).id).await.unwrap()[0];
    assert_eq!((used.credential.as_str(), used.last_used_at), ("{\"of\":1}", Some(later)));

    assert!(!store.remove_passkey(person(2).id, passkey(1).id, NOW).await.unwrap());
    assert!(store.remove_passkey(person(1).id, passkey(1).id, NOW).await.unwrap());
    assert_eq!(store.passkeys_of(person(1).id).await.unwrap(), [passkey(2)]);
}

pub(crate) async fn a_question_is_answered_in_time_and_for_what_it_was_asked(store: &Store) {
    with_people(store).await;
    store.ask_browser(&hash("code"), &asked(), NOW).await.unwrap();
    let answer = async |purpose, at| store.take_answer(&hash("code"), purpose, at).await.unwrap();
    assert_eq!(answer("add passkey", NOW).await, None);
    assert_eq!(answer("sign in", asked().expires_at).await, None, "it is too late");
    assert_eq!(answer("sign in", NOW).await, Some(asked()));
    assert_eq!(answer("sign in", NOW).await, None, "it was answered");
}

pub(crate) async fn of_many_answers_to_one_question_one_counts(store: &Store) {
    with_people(store).await;
    store.ask_browser(&hash("code"), &asked(), NOW).await.unwrap();
    let outcomes = race(store, |store, _| async move {
        store.take_answer(&hash("code"), "sign in", NOW).await.unwrap().is_some()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}

pub(crate) async fn a_new_passkey_ends_sessions_that_began_without_it(store: &Store) {
    with_people(store).await;
    for number in [1, 2] {
        assert!(store.begin_session(&session(number, 1), None, &password("p"), NOW).await.unwrap());
    }
    assert!(store.begin_session(&session(3, 2), None, &password("p"), NOW).await.unwrap());
    let whose = (person(1).id, session(1, 1).id);
    assert!(store.add_passkey(whose, &passkey(1), 20, NOW).await.unwrap());
    let left =
        async |whose: u128| store.sessions_of(person(whose).id, NOW, NOW.minus(PATIENCE)).await.unwrap();
    assert_eq!(left(1).await.iter().map(|session| session.id).collect::<Vec<_>>(), [session(1, 1).id]);
    assert_eq!(left(2).await.len(), 1, "another person's");
}

pub(crate) async fn of_many_questions_the_last_few_count(store: &Store) {
    with_people(store).await;
    for number in 0..20_u64 {
        let later = Ceremony { expires_at: NOW.plus(Duration::from_secs(10 + number)), ..asked() };
        store.ask_browser(&hash(&format!("code {number}")), &later, NOW).await.unwrap();
    }
    let others = Ceremony { person: person(2).id, expires_at: NOW.plus(Duration::from_secs(1)), ..asked() };
    store.ask_browser(&hash("other"), &others, NOW).await.unwrap();
    let answer = async |code: &str| store.take_answer(&hash(code), "sign in", NOW).await.unwrap().is_some();
    assert!(!answer("code 3").await);
    assert!(answer("code 4").await && answer("code 19").await && answer("other").await);
}

pub(crate) async fn of_many_who_add_passkeys_at_once_so_many_do(store: &Store) {
    with_people(store).await;
    let outcomes = race(store, |store, number| async move {
        let whose = (person(1).id, session(1, 1).id);
        store.add_passkey(whose, &passkey(number as u128 + 1), 3, NOW).await.unwrap()
    })
    .await;
    assert_eq!(wins(&outcomes), 3);
}
