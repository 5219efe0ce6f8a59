//! A database from before days were summed and apps were searched for.

use crate::conformance::usage::row;
use crate::conformance::{APP, NOW, TENANT, seed};
use crate::engines::{self, Engine};
use crate::many::run;
use einlass_protocol::ids::{AppId, CredentialId};
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageKey, UsageRow, UsedCredential};
use einlass_store::{Page, PageSize, Store, UsageOf};
use std::time::Duration;
use uuid::Uuid;

/// What makes the tables those of the version before.
const BACK: [&str; 14] = [
    "DROP TABLE usage_days",
    "DROP TABLE scope_uses",
    "ALTER TABLE apps DROP COLUMN sought",
    "DROP INDEX listings_by_state",
    "DROP INDEX channels_by_organisation",
    "DROP INDEX installations_there",
    "DROP INDEX registrations_active",
    "DROP INDEX audit_events_by_action",
    "DROP INDEX audit_events_by_outcome",
    "DROP INDEX audit_events_by_actor_and_action",
    "DROP INDEX audit_events_by_actor_and_outcome",
    "DROP INDEX audit_events_by_action_and_outcome",
    "DROP INDEX audit_events_by_all_three",
    "DELETE FROM _sqlx_migrations WHERE version = 17",
];

fn app(number: u128) -> AppId {
    AppId::new(Uuid::from_u128(number))
}

async fn days(store: &Store, of: UsageOf) -> Vec<(UnixTime, [i64; 3])> {
    let days = store.usage_days(of, UnixTime::from_millis(0)).await.unwrap();
    days.into_iter().map(|day| (day.day, [day.tokens, day.calls, day.errors])).collect()
}

async fn what_was_counted_is_summed(Engine { store, url, .. }: &Engine) {
    seed(store).await;
    let together = row(9, None, "", [7, 0, 0]);
    let earlier = |row: UsageRow| {
        let minute = NOW.minus(Duration::from_hours(24)).minute();
        UsageRow { key: UsageKey { minute, ..row.key }, ..row }
    };
    let rows = [
        row(1, None, "", [3, 0, 0]),
        row(1, Some(TENANT), "", [0, 10, 2]),
        earlier(row(1, Some(TENANT), "", [0, 4, 0])),
        row(1, Some(TENANT), "items.read", [0, 2, 1]),
        earlier(row(1, Some(TENANT), "items.read", [0, 2, 1])),
        row(1, Some(TENANT), "items.write", [0, 2, 2]),
        UsageRow { key: UsageKey { caller: None, ..together.key }, ..together },
    ];
    store.add_usage(&rows).await.unwrap();
    let secret = UsageOf::Credential(UsedCredential::Secret(CredentialId::new(Uuid::from_u128(1))));
    let all = [UsageOf::Everybody, UsageOf::App(app(1)), UsageOf::Installation(app(1), TENANT), secret];
    let mut before = Vec::new();
    for of in all {
        before.push(days(store, of).await);
    }
    assert!(before.iter().all(|days| days.len() == 2));
    run(url, &BACK.map(str::to_owned)).await;

    let store = Store::open(url).await.unwrap();
    for (of, before) in all.into_iter().zip(before) {
        assert_eq!(days(&store, of).await, before, "{of}");
    }
    assert_eq!(store.used_scopes(app(1), NOW).await.unwrap().to_string(), "items.read");
    let page = Page { after: None, size: PageSize::MOST };
    let found = store.apps_named_like(None, "mirror", &page).await.unwrap();
    assert_eq!(found.into_iter().map(|app| app.id).collect::<Vec<_>>(), [APP]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_counted_is_summed_at_the_start_in_sqlite() {
    what_was_counted_is_summed(&engines::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_counted_is_summed_at_the_start_in_postgres() {
    what_was_counted_is_summed(&engines::postgres().await).await;
}
