//! Databases in the PostgreSQL that `cargo xtask test` starts.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A database with nothing in it.
pub(super) async fn empty() -> String {
    let server = std::env::var("EINLASS_TEST_POSTGRES").expect(
        "EINLASS_TEST_POSTGRES names the PostgreSQL to test on; `cargo xtask test` starts one and sets it",
    );
    // A server may outlive many runs, and numbers of processes come again.
    let chance = tempfile::Builder::new().prefix("").rand_bytes(16).tempdir().unwrap();
    let name = format!("einlass_{}", chance.path().file_name().unwrap().to_str().unwrap().to_lowercase());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
