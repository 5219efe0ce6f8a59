//! Usage by the day, and when scopes were used last.

use super::channels::{bikes, refresh_token, seed_channels};
use super::races::{RACERS, race};
use super::usage::row;
use super::{APP, NOW, TENANT, new_app, seed, tenant};
use einlass_protocol::ids::{AppId, CredentialId, PersonId, RegistrationId, TenantId};
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageCaller, UsageKey, UsageRow, UsedCredential};
use einlass_store::{CallsOf, Store, Tenant, TokenOwner, UsageDay, UsageOf};
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

pub(crate) async fn calls_of_several_are_summed(store: &Store) {
    seed_channels(store).await;
    // At a tenant: of every app that is or was installed there, and of no other tenant's.
    let other =
        Tenant { id: TenantId::new(Uuid::from_u128(9)), slug: "b".into(), jtl_account_id: 2, ..tenant() };
    store.create_tenant(&other, NOW).await.unwrap();
    let installed = |at, calls| {
        let row = row(1, Some(at), "", [0, calls, 0]);
        let caller = UsageCaller { app: Some(APP), ..row.key.caller.unwrap() };
        UsageRow { key: UsageKey { caller: Some(caller), ..row.key }, ..row }
    };
    for tenant in [TENANT, other.id] {
        store.install_app(APP, tenant, &"items.read".parse().unwrap(), NOW).await.unwrap();
    }
    store.remove_installation(APP, TENANT, NOW).await.unwrap();
    let yesterday = at(NOW.minus(DAY), installed(TENANT, 100));
    store.add_usage(&[installed(TENANT, 3), installed(other.id, 40), yesterday]).await.unwrap();
    let of_tenant =
        async |tenant, since| store.calls_of_several(&CallsOf::Tenant(tenant), since).await.unwrap();
    assert_eq!(of_tenant(TENANT, NOW).await, 3);
    assert_eq!(of_tenant(other.id, NOW).await, 40);
    assert_eq!(of_tenant(TENANT, NOW.minus(DAY)).await, 103);

    // Of a channel: with what each of its refresh tokens was exchanged for.
    let books: ChannelName = "BOOKS".parse().unwrap();
    for (id, owner) in [(71, bikes()), (72, bikes()), (73, books.clone())] {
        store.add_refresh_token(&refresh_token(id, TokenOwner::Channel(owner)), NOW).await.unwrap();
        let row = row(id, None, "", [0, u64::try_from(id).unwrap(), 0]);
        let caller = UsageCaller { app: None, ..row.key.caller.unwrap() };
        store
            .add_usage(&[UsageRow { key: UsageKey { caller: Some(caller), ..row.key }, ..row }])
            .await
            .unwrap();
    }
    let of_channel = async |name| store.calls_of_several(&CallsOf::Channel(name), NOW).await.unwrap();
    assert_eq!([of_channel(bikes()).await, of_channel(books).await], [143, 73]);
    let nobody = PersonId::new(Uuid::from_u128(1));
    assert_eq!(store.calls_of_several(&CallsOf::Person(nobody), NOW).await.unwrap(), 0);
}

pub(crate) async fn the_busiest_apps_come_first(store: &Store) {
    seed(store).await;
    let mut names = Vec::new();
    for number in 10..14 {
        let mut new = new_app();
        new.app.id = app(number);
        new.app.technical_name = format!("app-{number}");
        new.app.name = format!("App {number}");
        new.client_id = format!("client-of-{number}").parse().unwrap();
        store.register_app(&new, NOW).await.unwrap();
        names.push(new.app.name);
    }
    let rows = [
        row(10, Some(TENANT), "", [0, 5, 1]),
        row(11, Some(TENANT), "", [2, 9, 0]),
        row(12, Some(TENANT), "", [3, 5, 0]),
        row(99, Some(TENANT), "", [0, 1_000, 0]),
        at(NOW.minus(DAY), row(13, Some(TENANT), "", [0, 1_000, 0])),
    ];
    store.add_usage(&rows).await.unwrap();
    let busiest = async |most| {
        let found = store.busiest_apps(NOW, most).await.unwrap();
        found.into_iter().map(|busy| (busy.app, busy.name, busy.usage.calls)).collect::<Vec<_>>()
    };
    let expected =
        [(app(11), names[1].clone(), 9), (app(12), names[2].clone(), 5), (app(10), names[0].clone(), 5)];
    // One that is no app any more is counted among the first, and not shown.
    assert_eq!(busiest(10).await, expected);
    assert_eq!(busiest(2).await, expected[..1]);
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
