//! Databases in the PostgreSQL that `cargo xtask test` starts.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

/// A database with nothing in it.
pub(super) async fn empty() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("EINLASS_TEST_POSTGRES").expect(
        "EINLASS_TEST_POSTGRES names the PostgreSQL to test on; `cargo xtask test` starts one and sets it",
    );
    let name = format!("einlass_server_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
