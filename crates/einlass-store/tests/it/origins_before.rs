//! A database from before origins were kept.

use crate::conformance::origins::{describe, manifest};
use crate::conformance::redirects::uris;
use crate::conformance::{APP, NOW, client_id, seed};
use crate::engines::{self, Engine};
use einlass_store::Store;
use sqlx::{AnyConnection, Connection, Executor};
use tokio::task::JoinSet;

/// Makes the tables those of the version before.
async fn go_back(url: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    for statement in
        ["DROP TABLE origins", "DROP TABLE origins_unread", "DELETE FROM _sqlx_migrations WHERE version = 16"]
    {
        connection.execute(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

async fn what_is_there_is_read(Engine { store, url, .. }: &Engine) {
    seed(store).await;
    describe(store, APP, &manifest("https://app.example")).await;
    let back = uris(&["https://Login.example/back", "http://127.0.0.1/back"], &["https://out.example/"]);
    store.set_redirect_uris(&client_id(), &back, NOW).await.unwrap();
    go_back(url).await;
    let mut nodes = JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        nodes.spawn(async move { Store::open(&url).await.unwrap() });
    }
    for store in nodes.join_all().await {
        for (origin, is_there) in [
            ("https://app.example", true),
            ("https://menu.example", true),
            ("https://login.example", true),
            ("https://out.example", false),
            ("http://127.0.0.1", false),
        ] {
            assert_eq!(store.is_registered_origin(origin).await.unwrap(), is_there, "{origin}");
        }
    }
    // Once: what is said later is not overwritten at the next start.
    describe(store, APP, &manifest("https://moved.example")).await;
    let again = Store::open(url).await.unwrap();
    assert!(!again.is_registered_origin("https://app.example").await.unwrap());
    assert!(again.is_registered_origin("https://moved.example").await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_there_is_read_at_the_start_in_sqlite() {
    what_is_there_is_read(&engines::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_there_is_read_at_the_start_in_postgres() {
    what_is_there_is_read(&engines::postgres().await).await;
}
