//! A million audit events: whatever they are filtered by, a page reads what it gives and little more. PostgreSQL counts the
//! rows; for SQLite the plans are looked at beside the statements. How long it takes is printed.

use crate::engines::{self, Engine};
use crate::many::{Reads, print, run};
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditFilter, Outcome, Store};
use sqlx::{AnyConnection, Connection, Executor, PgConnection, Row};
use tokio::time::Instant;
use uuid::Uuid;

const MANY: i64 = 1_000_000;
const LIMIT: u32 = 100;
/// As many are of one subject.
const OF_SUBJECT: i64 = 50;

/// What is asked for is among the oldest, where a planner that only knows how much there is of it would not look: half of all
/// is by one actor, a hundredth has one action, and next to none was refused.
async fn fill(url: &str) {
    let hex = if url.starts_with("sqlite:") { "PRINTF('%012x', i)" } else { "LPAD(TO_HEX(i), 12, '0')" };
    let insert = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
         INSERT INTO audit_events (id, at, actor, action, subject, outcome, detail, address, request_id)
         SELECT SUBSTR({hex}, 1, 8) || '-' || SUBSTR({hex}, 9) || '-7000-8000-000000000000', i,
                CASE WHEN i <= 500000 THEN 'admin token old' ELSE 'client ' || (i % 1000) END,
                CASE WHEN i <= 10000 THEN 'create app' ELSE 'action ' || (i % 40) END,
                'subject ' || (i % 20000),
                CASE WHEN i <= 200000 AND i % 1000 = 0 THEN 'refused' ELSE 'done' END,
                'said something', '192.0.2.1', '00000000-0000-4000-8000-000000000000'
         FROM n"
    );
    // Indices are made sooner when all is there.
    let (drop, create) = indices(url).await;
    run(url, &[&drop[..], &[insert], &create, &["ANALYZE".into()]].concat()).await;
}

/// What drops the indices, and what makes them again.
async fn indices(url: &str) -> (Vec<String>, Vec<String>) {
    let select = if url.starts_with("sqlite:") {
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'audit_events' AND sql IS NOT NULL"
    } else {
        "SELECT CAST(indexname AS TEXT) AS name, indexdef AS sql FROM pg_indexes
         WHERE tablename = 'audit_events' AND indexname NOT LIKE '%pkey'"
    };
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let rows = connection.fetch_all(select).await.unwrap();
    connection.close().await.unwrap();
    assert!(rows.len() > 5);
    rows.iter().map(|row| (format!("DROP INDEX {}", row.get::<String, _>("name")), row.get("sql"))).unzip()
}

fn time(number: i64) -> UnixTime {
    UnixTime::from_millis(number)
}

fn event(number: u64) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(number, &[0; 10]).into_uuid()
}

/// Every set of filters, in the whole of time, in a part of it, and on a later page.
fn filters() -> Vec<AuditFilter> {
    let mut filters = Vec::new();
    for (set, times) in (0..16_u8).flat_map(|set| (0..3_u8).map(move |times| (set, times))) {
        for action in ["create app", "action 7"] {
            let some = |bit: u8, value: &str| (set & bit != 0).then(|| value.to_owned());
            filters.push(AuditFilter {
                actor: some(1, "admin token old"),
                action: some(2, action),
                subject: some(4, "subject 7000"),
                outcome: (set & 8 != 0).then_some(Outcome::Refused),
                since: (times == 1).then(|| time(5_000)),
                until: (times == 1).then(|| time(9_500)),
                before: (times == 2).then(|| event(9_000)),
            });
        }
    }
    filters
}

/// Reads all these pages; gives how many events there were on them.
async fn read(store: &Store, engine: &str) -> i64 {
    let (mut given, mut longest) = (0, (std::time::Duration::ZERO, AuditFilter::default()));
    let begin = Instant::now();
    let filters = filters();
    for filter in &filters {
        let begin = Instant::now();
        let found = store.audit(filter, LIMIT).await.unwrap();
        longest = if begin.elapsed() > longest.0 { (begin.elapsed(), filter.clone()) } else { longest };
        assert!(found.is_sorted_by(|a, b| a.id > b.id) && found.len() <= LIMIT as usize);
        given += i64::try_from(found.len()).unwrap();
    }
    print(&format!(
        "{engine}: {} pages of audit in {:?}, the longest {longest:?}",
        filters.len(),
        begin.elapsed()
    ));
    given
}

/// There is what there should be.
async fn count(store: &Store) {
    let all = AuditFilter::default();
    let refused = AuditFilter { outcome: Some(Outcome::Refused), ..all.clone() };
    assert_eq!(store.audit(&refused, 1_000).await.unwrap().len(), 200);
    let both = AuditFilter { action: Some("create app".into()), ..refused };
    assert_eq!(store.audit(&both, 1_000).await.unwrap().len(), 10);
    let between = AuditFilter { since: Some(time(5_000)), until: Some(time(9_500)), ..both };
    assert_eq!(store.audit(&between, 1_000).await.unwrap().len(), 5);
    let subject = AuditFilter { subject: Some("subject 7000".into()), ..all };
    assert_eq!(store.audit(&subject, 1_000).await.unwrap().len(), usize::try_from(OF_SUBJECT).unwrap());
}

#[tokio::test]
async fn sqlite_finds_a_few_among_a_million_events() {
    let Engine { store, url, .. } = &engines::sqlite().await;
    fill(url).await;
    count(store).await;
    assert!(read(store, "SQLite").await > 0);
}

#[tokio::test]
async fn postgres_finds_a_few_among_a_million_events_and_reads_little_in_vain() {
    engines::on_a_passing_postgres(async |Engine { store, url, .. }| {
        fill(&url).await;
        count(&store).await;
        store.close().await;
        reads_little(&url).await;
        // As on a platform that has just begun: who knows nothing sorts, now and then, what there is of a short time.
        run(&url, &["DELETE FROM pg_statistic WHERE starelid = 'audit_events'::regclass".into()]).await;
        reads_little(&url).await;
    })
    .await;
}

/// For a page a thousandth of all is read in vain at most. Statistics are made of a sample, so that plans differ from run to run.
async fn reads_little(url: &str) {
    let mut observer = PgConnection::connect(url).await.unwrap();
    let before = Reads::of(&mut observer, "audit_events").await;
    let store = Store::open(url).await.unwrap();
    let given = read(&store, "PostgreSQL").await;
    store.close().await;
    let after = Reads::after(&mut observer, "audit_events", before.by_index + given).await;
    let most = given + MANY / 1_000 * i64::try_from(filters().len()).unwrap();
    let read = after.by_index - before.by_index;
    assert!(read <= most, "{read} rows were read to give {given}");
    assert_eq!(after.by_scan, before.by_scan, "nothing is read from end to end");
}
