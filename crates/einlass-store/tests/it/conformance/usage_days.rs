//! Usage by the day, and when scopes were used last.

use super::races::{RACERS, race};
use super::usage::row;
use super::{NOW, TENANT};
use einlass_protocol::ids::{AppId, CredentialId, RegistrationId};
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageCaller, UsageKey, UsageRow, UsedCredential};
use einlass_store::{Store, UsageDay, UsageOf};
use std::time::Duration;
use uuid::Uuid;

const DAY: Duration = Duration::from_hours(24);

fn app(number: u128) -> AppId {
    AppId::new(Uuid::from_u128(number))
}

fn secret(number: u128) -> UsageOf {
    UsageOf::Credential(UsedCredential::Secret(CredentialId::new(Uuid::from_u128(number))))
}

fn at(minute: UnixTime, row: UsageRow) -> UsageRow {
    UsageRow { key: UsageKey { minute: minute.minute(), ..row.key }, ..row }
}

async fn days(store: &Store, of: UsageOf) -> Vec<(UnixTime, [i64; 3])> {
    let days = store.usage_days(of, UnixTime::from_millis(0)).await.unwrap();
    days.into_iter().map(|UsageDay { day, tokens, calls, errors }| (day, [tokens, calls, errors])).collect()
}

pub(crate) async fn days_add_up_for_everybody_an_app_an_installation_and_a_credential(store: &Store) {
    let (today, yesterday) = (NOW.day(), NOW.minus(DAY).day());
    let last_minute = today.minus(Duration::from_mins(1));
    let together = row(9, None, "", [0, 7, 7]);
    let key = RegistrationId::new(Uuid::from_u128(8));
    let of_key = UsageCaller { app: None, credential: UsedCredential::Key(key) };
    let by_key = row(8, None, "", [0, 20, 0]);
    let rows = [
        row(1, None, "", [3, 0, 0]),
        row(1, Some(TENANT), "", [0, 10, 2]),
        row(1, Some(TENANT), "items.read", [0, 9, 1]),
        row(2, None, "", [1, 0, 0]),
        UsageRow { key: UsageKey { caller: None, ..together.key }, ..together },
        UsageRow { key: UsageKey { caller: Some(of_key), ..by_key.key }, ..by_key },
    ];
    store.add_usage(&rows).await.unwrap();
    let more = [
        at(last_minute, row(1, Some(TENANT), "", [0, 4, 0])),
        at(today, row(1, Some(TENANT), "", [0, 1, 0])),
    ];
    store.add_usage(&more).await.unwrap();

    let of_app = [(yesterday, [0, 4, 0]), (today, [3, 11, 2])];
    assert_eq!(days(store, UsageOf::App(app(1))).await, of_app);
    assert_eq!(days(store, secret(1)).await, of_app);
    let calls = [(yesterday, [0, 4, 0]), (today, [0, 11, 2])];
    assert_eq!(days(store, UsageOf::Installation(app(1), TENANT)).await, calls);
    assert_eq!(days(store, UsageOf::App(app(2))).await, [(today, [1, 0, 0])]);
    assert_eq!(days(store, UsageOf::Credential(UsedCredential::Key(key))).await, [(today, [0, 20, 0])]);
    assert_eq!(days(store, UsageOf::Everybody).await, [(yesterday, [0, 4, 0]), (today, [4, 38, 9])]);
    assert!(days(store, UsageOf::App(app(3))).await.is_empty());

    assert_eq!(store.usage_days(UsageOf::App(app(1)), NOW).await.unwrap().len(), 1, "the whole of a day");
    assert_eq!(store.calls_since(UsageOf::App(app(1)), NOW).await.unwrap(), 11);
    assert_eq!(store.calls_since(secret(1), NOW.minus(DAY)).await.unwrap(), 15);
    assert_eq!(store.calls_since(secret(3), NOW).await.unwrap(), 0);
    assert_eq!(store.calls_since(UsageOf::Everybody, NOW).await.unwrap(), 38);
}

pub(crate) async fn a_scope_was_used_when_it_was_last_served(store: &Store) {
    let later = NOW.plus(Duration::from_mins(5));
    let served = |scope| row(1, Some(TENANT), scope, [0, 2, 1]);
    let rows = [
        served("items.read"),
        at(later, served("items.read")),
        at(later, row(1, None, "items.read", [0, 1, 1])),
        row(1, Some(TENANT), "items.write", [0, 2, 2]),
        served("returns.read"),
        row(2, Some(TENANT), "customers.read", [0, 1, 0]),
    ];
    store.add_usage(&rows).await.unwrap();
    let used = async |since| store.used_scopes(app(1), since).await.unwrap().to_string();
    assert_eq!(used(NOW).await, "items.read returns.read");
    assert_eq!(used(later).await, "items.read");
    store.add_usage(&[served("items.read")]).await.unwrap();
    assert_eq!(used(later).await, "items.read", "what comes late makes nothing earlier");
    store.add_usage(&[at(later, served("returns.read"))]).await.unwrap();
    assert_eq!(used(later).await, "items.read returns.read");
}

pub(crate) async fn days_that_are_over_and_scopes_are_forgotten_with_the_rest(store: &Store) {
    let (first, last) = (NOW.day(), NOW.day().plus(DAY));
    let rows = [
        at(first, row(1, Some(TENANT), "", [0, 1, 0])),
        at(first, row(1, Some(TENANT), "items.read", [0, 1, 0])),
        at(last, row(1, Some(TENANT), "", [0, 2, 0])),
        at(last, row(1, Some(TENANT), "items.write", [0, 2, 0])),
    ];
    store.add_usage(&rows).await.unwrap();
    let noon = first.plus(Duration::from_hours(12));
    assert_eq!(store.forget_usage(noon).await.unwrap(), 2);
    assert_eq!(days(store, UsageOf::Everybody).await.len(), 2, "the day is not over");
    assert_eq!(store.used_scopes(app(1), first).await.unwrap().to_string(), "items.write");
    assert_eq!(store.forget_usage(last).await.unwrap(), 0);
    for of in [UsageOf::Everybody, UsageOf::App(app(1)), UsageOf::Installation(app(1), TENANT), secret(1)] {
        assert_eq!(days(store, of).await, [(last, [0, 2, 0])], "{of}");
    }
}

pub(crate) async fn of_many_nodes_each_adds_to_the_day(store: &Store) {
    let long_ago = NOW.minus(Duration::from_hours(24 * 100));
    race(store, move |store, number| async move {
        let rows = [1, 2, 3, 4].into_iter().flat_map(|app| {
            let scope = row(app, Some(TENANT), "items.read", [0, 1, 0]);
            [row(app, Some(TENANT), "", [0, 2, 1]), at(long_ago, scope.clone()), scope]
        });
        let mut rows: Vec<_> = rows.collect();
        rows.rotate_left(number % 12);
        store.add_usage(&rows).await.unwrap();
        store.forget_usage(NOW.minus(DAY)).await.unwrap();
    })
    .await;
    let racers = i64::try_from(RACERS).unwrap();
    for number in 1..=4 {
        assert_eq!(days(store, UsageOf::App(app(number))).await, [(NOW.day(), [0, 2 * racers, racers])]);
        assert_eq!(store.used_scopes(app(number), NOW).await.unwrap().to_string(), "items.read");
    }
    assert_eq!(store.calls_since(UsageOf::Everybody, NOW).await.unwrap(), 8 * racers);
}
