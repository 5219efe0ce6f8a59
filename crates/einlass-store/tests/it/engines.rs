//! A fresh store on each engine.

use einlass_store::Store;
use sqlx::{Connection, Executor, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

/// A store, and the folder that it lives in where it has one.
pub(crate) struct Engine {
    pub(crate) store: Store,
    pub(crate) url: String,
    _folder: Option<tempfile::TempDir>,
}

pub(crate) async fn sqlite() -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let url = Store::sqlite_url(&folder.path().join("einlass.db"));
    Engine { store: Store::open(&url).await.unwrap(), url, _folder: Some(folder) }
}

pub(crate) async fn postgres() -> Engine {
    let url = empty_postgres().await;
    Engine { store: Store::open(&url).await.unwrap(), url, _folder: None }
}

/// A database of its own on the server that `cargo xtask test` starts, with nothing in it.
pub(crate) async fn empty_postgres() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("EINLASS_TEST_POSTGRES").expect(
        "EINLASS_TEST_POSTGRES names the PostgreSQL to test on; `cargo xtask test` starts one and sets it",
    );
    let name = format!("einlass_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
