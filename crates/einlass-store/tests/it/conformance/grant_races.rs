//! Grants under races: who is the one that counts, and what an end finds.

use super::grants::{DAY, GRACE, begin, id, is_denied, new, redeem, refresh, with_people};
use super::people::{password, person, session};
use super::races::{race_of, wins};
use super::revocations::of;
use super::{APP, NOW, client_id, hash};
use einlass_protocol::revocation::Subject;
use einlass_store::{Change, Redeemed, Refreshed, Store};

const MANY: usize = 100;

pub(crate) async fn of_many_refreshes_of_one_token_all_get_one_successor(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    let outcomes = race_of(1_000, store, |store, _| async move { refresh(&store, "1", NOW).await }).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Refreshed::Granted(_))), "{outcomes:?}");
    assert!(matches!(refresh(store, "1'", NOW).await, Refreshed::Granted(_)));
    assert!(!is_denied(store, 1).await);
}

pub(crate) async fn of_many_late_refreshes_one_ends_the_grant(store: &Store) {
    with_people(store).await;
    begin(store, 1).await;
    refresh(store, "1", NOW).await;
    let late = NOW.plus(GRACE);
    let outcomes = race_of(MANY, store, move |store, number| async move {
        refresh(&store, if number % 2 == 0 { "1" } else { "1'" }, late).await
    })
    .await;
    let ended = Refreshed::Replayed(vec![Change::Revocations]);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == ended).count(), 1, "{outcomes:?}");
    for token in ["1", "1'", "1''"] {
        assert_eq!(refresh(store, token, late).await, Refreshed::Refused, "{token}");
    }
    assert!(is_denied(store, 1).await);
}

pub(crate) async fn of_many_uses_of_one_code_at_most_one_counts(store: &Store) {
    with_people(store).await;
    store.grant(&new(1), NOW.plus(DAY), NOW).await.unwrap();
    let outcomes = race_of(MANY, store, |store, _| async move { redeem(&store, 1, NOW).await }).await;
    let count = |wanted: fn(&Redeemed) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    assert_eq!(count(|outcome| matches!(outcome, Redeemed::Granted(_))), 1);
    assert_eq!(count(|outcome| matches!(outcome, Redeemed::Replayed(_))), MANY - 1);
    assert_eq!(count(|outcome| *outcome == Redeemed::Replayed(vec![Change::Revocations])), 1);
    assert_eq!(refresh(store, "1", NOW).await, Refreshed::Refused, "the others were replays");
    assert!(is_denied(store, 1).await);
}

pub(crate) async fn a_grant_ends_while_it_is_refreshed(store: &Store) {
    with_people(store).await;
    for number in 1..6 {
        begin(store, number).await;
        let ends = race_of(MANY / 4, store, move |store, racer| async move {
            if racer % 5 == 0 {
                return !store.end_grant(id(number), None, NOW.plus(DAY), NOW).await.unwrap().is_empty();
            }
            refresh(&store, &number.to_string(), NOW).await;
            false
        })
        .await;
        assert_eq!(wins(&ends), 1, "grant {number}");
        for token in [format!("{number}"), format!("{number}'")] {
            assert_eq!(refresh(store, &token, NOW).await, Refreshed::Refused, "{token}");
        }
        assert!(is_denied(store, number).await, "grant {number}");
    }
}

/// Whoever holds several grants meets others who hold several, and nobody waits in a circle.
pub(crate) async fn grants_end_while_many_are_refreshed_and_forgotten(store: &Store) {
    const GRANTS: u128 = 20;
    with_people(store).await;
    for number in 1..=GRANTS {
        begin(store, number).await;
    }
    race_of(MANY, store, |store, racer| async move {
        match racer {
            10 | 30 => _ = store.revoke(&of(Subject::App(APP), NOW), NOW).await.unwrap(),
            15 | 35 => {
                let of_person = of(Subject::Person(person(1).id), NOW);
                _ = store.revoke(&of_person, NOW).await.unwrap();
            }
            20 | 40 => _ = store.revoke(&of(Subject::Client(client_id()), NOW), NOW).await.unwrap(),
            50 => store.forget_grants(NOW).await.unwrap(),
            _ => _ = refresh(&store, &(racer as u128 % GRANTS + 1).to_string(), NOW).await,
        }
    })
    .await;
    for number in 1..=GRANTS {
        for token in [format!("{number}"), format!("{number}'")] {
            assert_eq!(refresh(store, &token, NOW).await, Refreshed::Refused, "{token}");
        }
        assert!(is_denied(store, number).await, "grant {number}");
    }
}

/// A thief grants something in the moment in which the person changes the password, from the browser where that is done.
pub(crate) async fn what_is_granted_while_a_password_changes_ends_with_it(store: &Store) {
    with_people(store).await;
    let changed = race_of(MANY, store, |store, racer| async move {
        if racer == MANY / 2 {
            let passwords = (&password("p"), &password("new"));
            let kept = (session(1, 1).id, &hash("renewed"));
            let end = NOW.plus(DAY);
            return store.change_password(person(1).id, passwords, kept, end, NOW).await.unwrap().is_some();
        }
        let number = racer as u128 + 1;
        if store.grant(&new(number), NOW.plus(DAY), NOW).await.is_ok() {
            redeem(&store, number, NOW).await;
        }
        false
    })
    .await;
    assert_eq!(wins(&changed), 1);
    for number in 1..=MANY as u128 {
        assert_eq!(refresh(store, &number.to_string(), NOW).await, Refreshed::Refused, "{number}");
        assert!(!matches!(redeem(store, number, NOW).await, Redeemed::Granted(_)), "{number}");
    }
}
