//! Many nodes, of this version and of the one before, on one database.

use crate::conformance::{TENANT, seed, tenant};
use crate::engines::{self, Engine};
use einlass_store::Store;
use sqlx::{AnyConnection, Connection, Executor, Row};
use tokio::task::JoinSet;

/// Opens a store eight times at once where there is none yet.
async fn open_together(url: &str) {
    let mut nodes = JoinSet::new();
    for _ in 0..8 {
        let url = url.to_owned();
        nodes.spawn(async move { Store::open(&url).await.unwrap() });
    }
    let stores = nodes.join_all().await;
    seed(&stores[0]).await;
    for store in &stores {
        assert_eq!(store.tenant(TENANT).await.unwrap(), Some(tenant()));
    }
    assert_eq!(applied(url).await.len(), files());
}

/// The migrations that were applied, each once.
async fn applied(url: &str) -> Vec<i64> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let rows = connection.fetch_all("SELECT version FROM _sqlx_migrations ORDER BY version").await.unwrap();
    rows.iter().map(|row| row.get("version")).collect()
}

fn files() -> usize {
    std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_nodes_on_a_new_file_one_makes_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    open_together(&Store::sqlite_url(&folder.path().join("einlass.db"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_nodes_on_an_empty_postgres_one_makes_the_tables() {
    open_together(&engines::empty_postgres().await).await;
}

/// Does what a release to come may do: adds, and neither drops nor renames.
async fn migrate_further(url: &str, blob: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    connection.execute("ALTER TABLE tenants ADD COLUMN colour TEXT").await.unwrap();
    let applied = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of a later version', TRUE, {blob}, 0)"
    );
    connection.execute(sqlx::AssertSqlSafe(applied)).await.unwrap();
    connection.close().await.unwrap();
}

async fn works_on_later_tables(Engine { store, url, .. }: Engine, blob: &str) {
    seed(&store).await;
    migrate_further(&url, blob).await;
    // One that runs goes on, and one that starts again starts.
    assert_eq!(store.tenant(TENANT).await.unwrap(), Some(tenant()));
    let again = Store::open(&url).await.unwrap();
    assert_eq!(again.tenant(TENANT).await.unwrap(), Some(tenant()));
    assert_eq!(applied(&url).await.last(), Some(&9999));
}

#[tokio::test]
async fn a_node_of_the_version_before_works_on_later_tables_in_sqlite() {
    works_on_later_tables(engines::sqlite().await, "x'00'").await;
}

#[tokio::test]
async fn a_node_of_the_version_before_works_on_later_tables_in_postgres() {
    works_on_later_tables(engines::postgres().await, "'\\x00'").await;
}
