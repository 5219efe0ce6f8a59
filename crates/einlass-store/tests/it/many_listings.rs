//! Ten thousand apps that say something of themselves, with a month of usage: what pages show of them reads what it gives.
//! PostgreSQL counts the rows; for SQLite the plans are looked at beside the statements. How long it takes is printed.

use crate::conformance::NOW;
use crate::engines::{self, Engine};
use crate::many::{ID, Reads, fill, numbers, print, run};
use einlass_protocol::ids::{AppId, OrganisationId};
use einlass_store::{ListingState, Page, PageSize, Store, UsageOf};
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

const MONTH: u64 = 30;

fn id(number: u16) -> Uuid {
    format!("00000000-0000-4000-8000-{number:012}").parse().unwrap()
}

fn app(number: u16) -> AppId {
    AppId::new(id(number))
}

/// Every hundredth app waits for publication, the first is at every tenant, and all have usage on each of thirty days.
async fn fill_pages(url: &str) {
    let (many, month) = (numbers(10_000), numbers(30));
    let days = format!("{} - (i - 1) * CAST(86400000 AS BIGINT)", NOW.day().millis());
    let manifest = format!("'{{\"description\":\"{}\"}}'", "says something ".repeat(100));
    let statements = [
        format!(
            "{many} INSERT INTO listings (app_id, manifest, state, changed_at)
             SELECT {ID}, {manifest}, CASE WHEN i % 100 = 0 THEN 'submitted' ELSE 'published' END, 0 FROM n"
        ),
        format!(
            "{month} INSERT INTO usage_days (subject, day, tokens, calls, errors)
             SELECT 'app ' || apps.id, {days}, 1, 2, 1 FROM n, apps"
        ),
        format!(
            "{month} INSERT INTO usage_days (subject, day, tokens, calls, errors)
             SELECT 'everybody', {days}, 10000, 20000, 10000 FROM n"
        ),
        format!(
            "{} INSERT INTO scope_uses (app, scope, last_at) SELECT apps.id, 'items' || i || '.read', {} FROM n, apps",
            numbers(5),
            NOW.millis(),
        ),
        format!(
            "{many} INSERT INTO installations (app_id, tenant_id, granted_scopes, consented_at, activated_at)
             SELECT '{}', {ID}, 'items.read', 0, 0 FROM n",
            app(1),
        ),
        "ANALYZE".into(),
    ];
    run(url, &statements).await;
}

/// What pages show of it. Gives how many rows there were.
async fn read(store: &Store) -> usize {
    let month = NOW.minus(Duration::from_hours(24 * (MONTH - 1)));
    let first = Page { after: None, size: PageSize::new(50).unwrap() };
    let waiting = store.listings_in(ListingState::Submitted, "", &first).await.unwrap();
    let next = Page { after: waiting.last().map(|listing| listing.app.id), ..first.clone() };
    let waiting_too = store.listings_in(ListingState::Submitted, "", &next).await.unwrap();
    assert_eq!((waiting.len(), waiting_too.len(), waiting_too[49].app.id), (50, 50, app(10_000)));
    let everybody = store.usage_days(UsageOf::Everybody, month).await.unwrap();
    assert_eq!(everybody.iter().map(|day| day.calls).sum::<i64>(), 600_000);
    let days = store.usage_days(UsageOf::App(app(7_777)), month).await.unwrap();
    let used = store.used_scopes(app(7_777), month).await.unwrap();
    assert_eq!((days.len(), used.len()), (30, 5));
    assert_eq!(store.calls_since(UsageOf::App(app(7_777)), NOW).await.unwrap(), 2);
    waiting.len() + waiting_too.len() + everybody.len() + days.len() + used.len() + 1
}

/// What is looked for among all there is, as there is no other way.
async fn search(store: &Store, engine: &str) {
    let page = Page { after: None, size: PageSize::new(50).unwrap() };
    let begin = Instant::now();
    let found = store.apps_named_like(None, "A 9999", &page).await.unwrap();
    assert_eq!(found.iter().map(|app| app.id).collect::<Vec<_>>(), []);
    let found = store.apps_named_like(None, "A9999", &page).await.unwrap();
    assert_eq!(found.iter().map(|app| app.id).collect::<Vec<_>>(), [app(9_999)]);
    let maker = OrganisationId::new(id(0));
    let found = store.apps_named_like(Some(maker), "a999", &page).await.unwrap();
    assert_eq!(found.len(), 11);
    print(&format!("{engine}: three searches in {:?}", begin.elapsed()));
    let begin = Instant::now();
    assert_eq!(store.count_installations(app(1), NOW).await.unwrap(), 10_000);
    let totals = store.totals(NOW).await.unwrap();
    assert_eq!((totals.apps, totals.submitted, totals.installations), (10_000, 100, 10_000));
    print(&format!("{engine}: counted in {:?}", begin.elapsed()));
    let begin = Instant::now();
    let busiest = store.busiest_apps(NOW, 10).await.unwrap();
    assert_eq!((busiest.len(), busiest[0].usage.calls), (10, 2));
    print(&format!("{engine}: the busiest apps in {:?}", begin.elapsed()));
}

async fn measured(store: &Store, engine: &str) -> i64 {
    let begin = Instant::now();
    let given = read(store).await;
    print(&format!("{engine}: pages of apps and usage in {:?}", begin.elapsed()));
    i64::try_from(given).unwrap()
}

#[tokio::test]
async fn sqlite_shows_ten_thousand_apps_and_their_usage() {
    let Engine { store, url, .. } = &engines::sqlite().await;
    fill(url).await;
    fill_pages(url).await;
    measured(store, "SQLite").await;
    search(store, "SQLite").await;
}

#[tokio::test]
async fn postgres_shows_ten_thousand_apps_and_their_usage_and_reads_no_row_in_vain() {
    // Apps are so few that a planner may read all of them for a page of listings, and does no harm.
    const TABLES: &str = "listings usage_days scope_uses";
    engines::on_a_passing_postgres(async |Engine { store, url, .. }| {
        fill(&url).await;
        fill_pages(&url).await;
        let mut observer = PgConnection::connect(&url).await.unwrap();
        let before = Reads::of(&mut observer, TABLES).await;
        let given = measured(&store, "PostgreSQL").await;
        store.close().await;
        let after = Reads::after(&mut observer, TABLES, before.by_index + given).await;
        let read = after.by_index - before.by_index;
        assert!(read < given + 100, "{read} rows were read to give {given}");
        assert_eq!(after.by_scan, before.by_scan);
        search(&Store::open(&url).await.unwrap(), "PostgreSQL").await;
    })
    .await;
}
