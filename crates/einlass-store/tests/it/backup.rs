//! Copies of a store that is being written to, and what is in them.

use crate::conformance::{APP, NOW, ORGANISATION, TENANT, seed, tenant};
use crate::engines::{self, Engine};
use einlass_protocol::ids::TenantId;
use einlass_store::{Page, PageSize, Store, StoreError, Taken, Tenant};
use sqlx::{AnyConnection, Connection, Executor};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// Writes without pause: each time a tenant and its installation. Counts what was acknowledged.
fn keep_writing(store: Store) -> (Arc<AtomicU32>, tokio::task::JoinHandle<()>) {
    let acknowledged = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&acknowledged);
    let task = tokio::spawn(async move {
        for number in 0.. {
            let id = TenantId::new(Uuid::from_u128(1_000_000 + u128::from(number)));
            let (slug, name) = (format!("t{number}"), "t".into());
            let customer_number = "K".into();
            let jtl_account_id = 1_000_000 + i64::from(number);
            let new = Tenant { id, organisation: ORGANISATION, slug, name, customer_number, jtl_account_id };
            store.create_tenant(&new, NOW).await.unwrap();
            store.consent_to_app(APP, id, &"items.read".parse().unwrap(), NOW).await.unwrap();
            counter.store(number + 1, Ordering::SeqCst);
        }
    });
    (acknowledged, task)
}

async fn until(acknowledged: &AtomicU32, count: u32) {
    let written = async {
        while acknowledged.load(Ordering::SeqCst) < count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), written).await.expect("there are writes");
}

/// How many of the writer's tenants have their installation; nothing else may be there.
async fn whole_writes(store: &Store) -> u32 {
    assert_eq!(store.tenant(TENANT).await.unwrap(), Some(tenant()));
    let (mut tenants, mut installed, mut after, mut app_at) = (0, 0, None, None);
    loop {
        let size = PageSize::MOST;
        let page = store.tenants(&Page { after, size }).await.unwrap();
        let there = store.installations_of_app(APP, &Page { after: app_at, size }, NOW).await.unwrap();
        if page.is_empty() && there.is_empty() {
            break;
        }
        tenants += u32::try_from(page.len()).unwrap();
        installed += u32::try_from(there.len()).unwrap();
        after = page.last().map(|tenant| tenant.id).or(after);
        app_at = there.last().map(|listed| listed.tenant).or(app_at);
    }
    assert!(tenants - 1 - installed <= 1, "at most the write that was under way is half there");
    assert_eq!(store.last_change().await.unwrap(), i64::from(installed), "the numbers fit to what is there");
    installed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_during_writes_has_all_that_was_acknowledged_before() {
    let Engine { store, .. } = &engines::sqlite().await;
    seed(store).await;
    let (acknowledged, writer) = keep_writing(store.clone());
    until(&acknowledged, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it's a copy.db");
    let before = acknowledged.load(Ordering::SeqCst);
    store.backup(&file).await.unwrap();
    until(&acknowledged, acknowledged.load(Ordering::SeqCst) + 1).await;
    writer.abort();

    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let url = Store::sqlite_url(&file);
    let mut plain = AnyConnection::connect(&url).await.unwrap();
    assert!(plain.fetch_all("PRAGMA foreign_key_check").await.unwrap().is_empty());
    plain.close().await.unwrap();
    let copy = Store::open(&url).await.unwrap();
    assert!(whole_writes(&copy).await >= before);
}

#[tokio::test]
async fn nothing_is_written_over_and_what_fails_leaves_nothing() {
    let Engine { store, .. } = &engines::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    std::fs::write(&file, "mine").unwrap();
    assert!(matches!(store.backup(&file).await, Err(StoreError::AlreadyExists(Taken::File))));
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");

    let nowhere = folder.path().join("no folder/copy.db");
    assert!(matches!(store.backup(&nowhere).await, Err(StoreError::Unavailable(_))));
    store.close().await;
    let other = folder.path().join("other.db");
    assert!(store.backup(&other).await.is_err());
    assert!(!other.exists());
}

/// PostgreSQL's own programs, of the newest version that is there.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").unwrap().map(|entry| entry.unwrap().path());
    let newest = versions.max_by_key(|path| path.file_name().unwrap().to_str().unwrap().parse::<u32>().ok());
    newest.unwrap().join("bin").join(name)
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_pg_dump_wrote_during_writes_is_restored_whole() {
    let Engine { store, url, .. } = &engines::postgres().await;
    let refused = store.backup(&PathBuf::from("/nowhere")).await;
    assert!(matches!(refused, Err(StoreError::NotEmbedded)));
    seed(store).await;
    let (acknowledged, writer) = keep_writing(store.clone());
    until(&acknowledged, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("einlass.dump");
    let before = acknowledged.load(Ordering::SeqCst);
    run(Command::new(program("pg_dump")).args(["--format=custom", "--file"]).arg(&file).arg(url));
    writer.abort();

    let restored = engines::empty_postgres().await;
    run(Command::new(program("pg_restore"))
        .args(["--exit-on-error", "--single-transaction", "--no-owner", "--dbname", &restored])
        .arg(&file));
    let copy = Store::open(&restored).await.unwrap();
    assert!(whole_writes(&copy).await >= before);
    // It tells of changes as the first one did.
    let mut news = copy.news();
    news.next().await.unwrap();
    copy.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
    let word = tokio::time::timeout(std::time::Duration::from_secs(10), news.next()).await;
    word.expect("there is word of it").unwrap();
}

#[tokio::test]
async fn what_is_looked_at_from_outside_is_neither_made_nor_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let url = Store::sqlite_url(&file);
    assert!(matches!(Store::open_as_it_is(&url).await, Err(StoreError::Unavailable(_))));
    assert!(!file.exists());
    // An empty database has no tables, and gets none.
    std::fs::File::create(&file).unwrap();
    Store::open_as_it_is(&url).await.unwrap().close().await;
    let mut raw = AnyConnection::connect(&url).await.unwrap();
    let tables = sqlx::query("SELECT name FROM sqlite_master").fetch_all(&mut raw).await.unwrap();
    assert!(tables.is_empty());
}

#[tokio::test]
async fn a_new_database_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a % new.db");
    let store = Store::open(&Store::sqlite_url(&file)).await.unwrap();
    store.ping().await.unwrap();
    let mut modes = Vec::new();
    for found in std::fs::read_dir(folder.path()).unwrap() {
        modes.push(found.unwrap().metadata().unwrap().permissions().mode() & 0o777);
    }
    // The database, its log and what its connections share.
    assert_eq!(modes, [0o600; 3]);
}
