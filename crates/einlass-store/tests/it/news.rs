//! Word of changes from another node.

use crate::conformance::{APP, NOW, TENANT, seed};
use crate::engines;
use einlass_store::{News, Store};
use sqlx::{Connection, Executor, PgConnection};
use std::time::Duration;
use tokio::time::timeout;

async fn change(store: &Store) {
    store.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
}

async fn word(news: &mut News) {
    timeout(Duration::from_secs(10), news.next()).await.expect("there is word of it").unwrap();
}

/// Whether there is word already, or else soon: for a test that there is none, a moment must do.
async fn is_quiet(news: &mut News) -> bool {
    timeout(Duration::from_millis(50), news.next()).await.is_err()
}

#[tokio::test]
async fn postgres_tells_of_every_transaction_that_changed_something_once_it_is_committed() {
    let engine = engines::postgres().await;
    seed(&engine.store).await;
    let mut news = Store::open(&engine.url).await.unwrap().news();
    // What was missed before: nobody knows.
    word(&mut news).await;
    change(&engine.store).await;
    word(&mut news).await;
    assert!(is_quiet(&mut news).await, "one change is told once");
}

#[tokio::test]
async fn who_lost_the_connection_listens_again_and_is_told_that_something_may_have_been_missed() {
    let engine = engines::postgres().await;
    seed(&engine.store).await;
    let mut news = engine.store.news();
    word(&mut news).await;
    let mut killer = PgConnection::connect(&engine.url).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()";
    assert_eq!(killer.fetch_all(end).await.unwrap().len(), 1);
    change(&engine.store).await;
    let listens_again = async { while news.next().await.is_err() {} };
    timeout(Duration::from_secs(10), listens_again).await.expect("it listens again");
    change(&engine.store).await;
    word(&mut news).await;
}

#[tokio::test]
async fn sqlite_tells_nothing() {
    let engine = engines::sqlite().await;
    seed(&engine.store).await;
    let mut news = engine.store.news();
    change(&engine.store).await;
    assert!(is_quiet(&mut news).await);
}
