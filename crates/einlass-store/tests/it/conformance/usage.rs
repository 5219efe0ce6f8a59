//! Usage.

use super::{NOW, TENANT};
use einlass_protocol::ids::{AppId, CredentialId, TenantId};
use einlass_protocol::usage::{UsageCaller, UsageCounts, UsageKey, UsageRow, UsedCredential};
use einlass_store::{Store, UsageBy, UsageFilter};
use std::time::Duration;
use uuid::Uuid;

const EVERYTHING: UsageFilter = UsageFilter { app: None, tenant: None, since: None, until: None };

fn app(number: u128) -> AppId {
    AppId::new(Uuid::from_u128(number))
}

/// Of an app whose secret has the same number.
pub(crate) fn row(number: u128, tenant: Option<TenantId>, scope: &str, counts: [u64; 3]) -> UsageRow {
    let caller = UsageCaller {
        app: Some(app(number)),
        credential: UsedCredential::Secret(CredentialId::new(Uuid::from_u128(number))),
    };
    let scope = (!scope.is_empty()).then(|| scope.parse().unwrap());
    let [tokens, calls, errors] = counts;
    UsageRow {
        key: UsageKey { minute: NOW.minute(), caller: Some(caller), tenant, scope },
        counts: UsageCounts { tokens, calls, errors },
    }
}

fn later(row: UsageRow) -> UsageRow {
    let minute = row.key.minute.plus(Duration::from_mins(1));
    UsageRow { key: UsageKey { minute, ..row.key }, ..row }
}

async fn sums(store: &Store, by: UsageBy, filter: UsageFilter) -> Vec<(String, [i64; 3])> {
    let sums = store.usage(by, &filter, 100).await.unwrap();
    sums.into_iter().map(|sum| (sum.key, [sum.tokens, sum.calls, sum.errors])).collect()
}

pub(crate) async fn counts_add_up_and_are_summed_by_whatever_is_asked_for(store: &Store) {
    let first = [
        row(1, None, "", [3, 0, 0]),
        row(1, Some(TENANT), "", [0, 10, 2]),
        row(1, Some(TENANT), "items.read", [0, 9, 1]),
        row(1, Some(TENANT), "items.write", [0, 5, 0]),
    ];
    store.add_usage(&first).await.unwrap();
    let second = [
        row(1, Some(TENANT), "", [0, 1, 0]),
        later(row(1, Some(TENANT), "", [0, 100, 0])),
        row(2, None, "", [1, 0, 0]),
    ];
    store.add_usage(&second).await.unwrap();
    let (one, two) = (app(1).to_string(), app(2).to_string());
    let by_app = [(one.clone(), [3, 111, 2]), (two.clone(), [1, 0, 0])];
    assert_eq!(sums(store, UsageBy::App, EVERYTHING).await, by_app);
    assert_eq!(sums(store, UsageBy::Secret, EVERYTHING).await, by_app);
    assert_eq!(sums(store, UsageBy::Tenant, EVERYTHING).await, [(TENANT.to_string(), [0, 111, 2])]);
    let by_scope = [("items.read".to_owned(), [0, 9, 1]), ("items.write".to_owned(), [0, 5, 0])];
    assert_eq!(sums(store, UsageBy::Scope, EVERYTHING).await, by_scope);

    let minute = NOW.minute().plus(Duration::from_mins(1));
    let late = UsageFilter { since: Some(minute.plus(Duration::from_secs(59))), ..EVERYTHING };
    assert_eq!(sums(store, UsageBy::App, late).await, [(one.clone(), [0, 100, 0])]);
    let early = UsageFilter { until: Some(minute), app: Some(app(1)), ..EVERYTHING };
    assert_eq!(sums(store, UsageBy::App, early).await, [(one.clone(), [3, 11, 2])]);
    let there = UsageFilter { tenant: Some(TENANT), ..EVERYTHING };
    assert_eq!(sums(store, UsageBy::App, there).await, [(one, [0, 111, 2])]);
    let last = store.usage(UsageBy::App, &EVERYTHING, 1).await.unwrap();
    assert_eq!(last[0].last_at, minute);
}

pub(crate) async fn of_sums_the_busiest_come_first_and_what_was_counted_together_is_one(store: &Store) {
    let together = |row: UsageRow| UsageRow { key: UsageKey { caller: None, ..row.key }, ..row };
    let rows =
        [row(1, None, "", [1, 0, 0]), row(2, None, "", [3, 0, 0]), together(row(3, None, "", [2, 0, 0]))];
    store.add_usage(&rows).await.unwrap();
    let keys = [app(2).to_string(), "other".into(), app(1).to_string()];
    for by in [UsageBy::App, UsageBy::Secret] {
        assert_eq!(sums(store, by, EVERYTHING).await.into_iter().map(|sum| sum.0).collect::<Vec<_>>(), keys);
    }
    assert_eq!(store.usage(UsageBy::App, &EVERYTHING, 2).await.unwrap().len(), 2);
}

pub(crate) async fn a_scope_is_used_when_a_call_that_needed_it_was_served(store: &Store) {
    let rows = [
        row(1, Some(TENANT), "items.read", [0, 2, 1]),
        row(1, Some(TENANT), "items.write", [0, 2, 2]),
        row(2, Some(TENANT), "returns.read", [0, 1, 0]),
    ];
    store.add_usage(&rows).await.unwrap();
    assert_eq!(store.used_scopes(app(1), NOW).await.unwrap().to_string(), "items.read");
    let afterwards = NOW.plus(Duration::from_mins(1));
    assert_eq!(store.used_scopes(app(1), afterwards).await.unwrap().to_string(), "");
}

pub(crate) async fn old_usage_is_forgotten(store: &Store) {
    let old = row(1, None, "", [1, 0, 0]);
    store.add_usage(&[old.clone(), later(old.clone())]).await.unwrap();
    assert_eq!(store.forget_usage(old.key.minute).await.unwrap(), 0);
    assert_eq!(store.forget_usage(old.key.minute.plus(Duration::from_mins(1))).await.unwrap(), 1);
    assert_eq!(sums(store, UsageBy::App, EVERYTHING).await, [(app(1).to_string(), [1, 0, 0])]);
}

pub(crate) async fn a_batch_may_be_large(store: &Store) {
    let rows: Vec<_> = (0..1_234).map(|number| row(number, None, "", [1, 0, 0])).collect();
    store.add_usage(&rows).await.unwrap();
    store.add_usage(&rows).await.unwrap();
    let by_tokens = store.usage(UsageBy::App, &EVERYTHING, 10_000).await.unwrap();
    assert_eq!((by_tokens.len(), by_tokens.iter().map(|sum| sum.tokens).sum::<i64>()), (1_234, 2_468));
}
