//! What only the embedded engine must prove.

use crate::conformance::{TENANT, seed, tenant};
use einlass_store::{Store, StoreError};

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_vanished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("einlass.db");
    let store = Store::open(&Store::sqlite_url(&path)).await.unwrap();
    seed(&store).await;

    // A copy of the files as they lie there, without a clean close, is what a crash leaves.
    let crashed = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), crashed.path().join(entry.file_name())).unwrap();
    }
    let url = Store::sqlite_url(&crashed.path().join("einlass.db"));
    let reopened = Store::open(&url).await.unwrap();
    assert_eq!(reopened.tenant(TENANT).await.unwrap(), Some(tenant()));
}

#[tokio::test]
async fn a_path_may_hold_what_means_something_in_a_url() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Müller & Söhne? 100% #1.db");
    let store = Store::open(&Store::sqlite_url(&file)).await.unwrap();
    store.ping().await.unwrap();
    assert!(file.is_file(), "the database lies elsewhere");
}

#[tokio::test]
async fn a_url_for_neither_engine_is_refused_without_repeating_it() {
    let error = Store::open("mysql://user:canary@host/db").await.unwrap_err();
    assert!(matches!(error, StoreError::UnsupportedUrl));
    assert!(!error.to_string().contains("canary"));
}
