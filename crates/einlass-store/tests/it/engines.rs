//! A fresh store on each engine.

use einlass_store::Store;
use sqlx::{Connection, Executor, PgConnection};

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

/// A case that leaves more behind than a server should keep: its database goes, however it ends.
pub(crate) async fn on_a_passing_postgres<C: Future<Output = ()> + Send + 'static>(
    case: impl FnOnce(Engine) -> C,
) {
    let engine = postgres().await;
    let (server, name) = engine
        .url
        .rsplit_once('/')
        .map(|(base, name)| (format!("{base}/postgres"), name.to_owned()))
        .unwrap();
    let outcome = tokio::spawn(case(engine)).await;
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    if let Err(fault) = outcome {
        std::panic::resume_unwind(fault.into_panic());
    }
}

/// A database of its own on the server that `cargo xtask test` starts, with nothing in it.
pub(crate) async fn empty_postgres() -> String {
    let server = std::env::var("EINLASS_TEST_POSTGRES").expect(
        "EINLASS_TEST_POSTGRES names the PostgreSQL to test on; `cargo xtask test` starts one and sets it",
    );
    // A server may outlive many runs, and numbers of processes come again.
    let chance = tempfile::Builder::new().prefix("").rand_bytes(16).tempdir().unwrap();
    let name = format!("einlass_{}", chance.path().file_name().unwrap().to_str().unwrap().to_lowercase());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
