//! What only the embedded engine must prove.

use crate::conformance::{TENANT, seed, tenant};
use einlass_store::{Store, StoreError};

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_vanished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("einlass.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).await.unwrap();
    seed(&store).await;

    // A copy of the files as they lie there, without a clean close, is what a crash leaves.
    let crashed = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), crashed.path().join(entry.file_name())).unwrap();
    }
    let url = format!("sqlite:{}", crashed.path().join("einlass.db").display());
    let reopened = Store::open(&url).await.unwrap();
    assert_eq!(reopened.tenant(TENANT).await.unwrap(), Some(tenant()));
}

#[tokio::test]
async fn a_url_for_neither_engine_is_refused_without_repeating_it() {
    let error = Store::open("mysql://user:canary@host/db").await.unwrap_err();
    assert!(matches!(error, StoreError::UnsupportedUrl));
    assert!(!error.to_string().contains("canary"));
}
