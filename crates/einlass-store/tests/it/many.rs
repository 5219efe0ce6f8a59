//! Ten thousand tenants and apps: lists are complete, and neither a page nor a look-up reads what it does not
//! give. PostgreSQL counts the rows; for SQLite the plans are looked at beside the statements.

use crate::engines::{self, Engine};
use einlass_store::{Page, PageSize, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::time::Duration;

const MANY: usize = 10_000;

/// Runs statements past the store, which would need ten thousand transactions.
pub(crate) async fn run(url: &str, statements: &[String]) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    if url.starts_with("sqlite:") {
        connection.execute("PRAGMA cache_size = -400000; PRAGMA synchronous = OFF").await.unwrap();
    }
    for statement in statements {
        connection.execute(AssertSqlSafe(statement.clone())).await.unwrap();
    }
    connection.close().await.unwrap();
}

#[expect(clippy::print_stdout, reason = "times are for people, and not asserted")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}

/// Numbers in the common subset, and the id of one.
pub(crate) fn numbers(most: usize) -> String {
    format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})")
}

pub(crate) const ID: &str = "'00000000-0000-4000-8000-' || SUBSTR(CAST(1000000000000 + i AS TEXT), 2)";

/// Fills a database in the common subset.
pub(crate) async fn fill(url: &str) {
    let numbers = numbers(MANY);
    let statements = [
        "INSERT INTO organisations (id, name, created_at) VALUES ('00000000-0000-4000-8000-000000000000', 'o', 0)".to_owned(),
        format!(
            "{numbers} INSERT INTO tenants (id, organisation_id, slug, name, customer_number, jtl_account_id, created_at)
             SELECT {ID}, '00000000-0000-4000-8000-000000000000', 't' || i, 't', 'k', i, 0 FROM n"
        ),
        format!(
            "{numbers} INSERT INTO apps (id, organisation_id, technical_name, name, scopes, created_at, sought)
             SELECT {ID}, '00000000-0000-4000-8000-000000000000', 'a' || i, 'a', 'items.read', 0, 'a a' || i FROM n"
        ),
        "ANALYZE".into(),
    ];
    run(url, &statements).await;
}

/// Reads both lists to their ends.
async fn read_all(store: &Store) {
    let mut tenants = Vec::new();
    let mut apps = Vec::new();
    loop {
        let after = tenants.last().copied();
        let page = store.tenants(&Page { after, size: PageSize::MOST }).await.unwrap();
        tenants.extend(page.iter().map(|tenant| tenant.id));
        let after = apps.last().copied();
        let more = store.apps(&Page { after, size: PageSize::MOST }).await.unwrap();
        apps.extend(more.iter().map(|app| app.id));
        if page.is_empty() && more.is_empty() {
            break;
        }
    }
    assert_eq!((tenants.len(), apps.len()), (MANY, MANY));
    assert!(tenants.is_sorted() && apps.is_sorted());
    assert_eq!(store.tenant_with_slug("t777").await.unwrap().unwrap().id, tenants[776]);
    assert_eq!(store.app_named("a777").await.unwrap().unwrap().id, apps[776]);
    assert!(store.tenant(tenants[5]).await.unwrap().is_some() && store.app(apps[5]).await.unwrap().is_some());
}

#[tokio::test]
async fn sqlite_lists_ten_thousand_tenants_and_apps() {
    let Engine { store, url, .. } = &engines::sqlite().await;
    fill(url).await;
    read_all(store).await;
}

#[tokio::test]
async fn postgres_lists_ten_thousand_tenants_and_apps_and_reads_no_row_in_vain() {
    let Engine { store, url, .. } = &engines::postgres().await;
    fill(url).await;
    let mut observer = PgConnection::connect(url).await.unwrap();
    let before = Reads::of(&mut observer, TABLES).await;
    read_all(store).await;
    store.close().await;
    let given = 2 * i64::try_from(MANY).unwrap() + 4;
    let after = Reads::after(&mut observer, TABLES, before.by_index + given).await;
    // The planner looks at the ends of an index now and then.
    let read = after.by_index - before.by_index;
    assert!(read < given + 100, "{read} rows were read to give {given}");
    assert_eq!(after.by_scan, before.by_scan);
}

const TABLES: &str = "tenants apps";

/// Rows that were read of some tables.
pub(crate) struct Reads {
    pub(crate) by_index: i64,
    pub(crate) by_scan: i64,
}

impl Reads {
    /// Of these tables, separated by spaces.
    pub(crate) async fn of(observer: &mut PgConnection, tables: &str) -> Self {
        let select = sqlx::query(
            "SELECT SUM(idx_tup_fetch)::BIGINT, SUM(seq_tup_read)::BIGINT FROM pg_stat_user_tables
             WHERE relname = ANY (STRING_TO_ARRAY($1, ' '))",
        );
        let row = observer.fetch_one(select.bind(tables)).await.unwrap();
        Self { by_index: row.get(0), by_scan: row.get(1) }
    }

    /// The same once so many are counted: a session counts for everybody at its end at the latest.
    pub(crate) async fn after(observer: &mut PgConnection, tables: &str, least: i64) -> Self {
        for _ in 0..6_000 {
            let after = Self::of(observer, tables).await;
            if after.by_index >= least {
                return after;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the rows that were given are not counted");
    }
}
