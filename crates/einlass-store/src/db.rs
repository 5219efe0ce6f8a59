//! The connection pool, and the only place that knows which engine is behind it.

use crate::StoreError;
use einlass_protocol::time::UnixTime;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use sqlx::any::{AnyArguments, AnyPoolOptions, AnyQueryResult, AnyRow};
use sqlx::postgres::PgPoolOptions;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, PgPool, Row, Transaction};
use std::fs::OpenOptions;
use std::future::ready;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

/// How long a request waits for a connection before it is told that the database is unavailable.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pause before what another process stood in the way of is tried again.
const BREATHER: Duration = Duration::from_millis(5);

/// How many connections there are beside the pool: for what a node must hear whatever callers do.
const MOST_APART: u32 = 2;

/// Write-ahead logging, so that readers do not wait for the writer; a full sync at each commit, so that
/// what was acknowledged survives a power cut.
const SQLITE_SETUP: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; \
                            PRAGMA foreign_keys = ON;";

/// Held by the one node that brings the tables up to date, until its transaction ends; the number is ours alone.
const POSTGRES_ALONE: &str = "SELECT pg_advisory_xact_lock(4987204113210)";

/// Has whoever listens told of changes when the transaction that made them is committed: once, however many they
/// are, since equal words of one transaction are said once.
const POSTGRES_TELLS: &str = "
    CREATE OR REPLACE FUNCTION einlass_tell() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('einlass', ''); RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER einlass_tell AFTER INSERT ON changes
        FOR EACH STATEMENT EXECUTE FUNCTION einlass_tell()";

/// What [`POSTGRES_TELLS`] is heard on.
pub(crate) const CHANNEL: &str = "einlass";

#[derive(Clone, Copy)]
enum Engine {
    Postgres,
    Sqlite,
}

impl Engine {
    fn of_url(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            Some("sqlite") => Ok(Self::Sqlite),
            _ => Err(StoreError::UnsupportedUrl),
        }
    }

    /// A transaction that every other one of this kind waits for.
    async fn begin_alone(self, connection: &mut AnyConnection) -> Result<Transaction<'_, Any>, sqlx::Error> {
        match self {
            Self::Sqlite => connection.begin_with("BEGIN IMMEDIATE").await,
            Self::Postgres => {
                let mut transaction = connection.begin().await?;
                transaction.execute(POSTGRES_ALONE).await?;
                Ok(transaction)
            }
        }
    }

    const fn most_connections(self) -> u32 {
        match self {
            Self::Postgres => 16,
            Self::Sqlite => 4,
        }
    }
}

/// A statement with its arguments.
pub(crate) type Statement<'q> = Query<'q, Any, AnyArguments>;

#[derive(Clone, Debug)]
pub(crate) struct Db {
    pool: AnyPool,
    /// A few connections beside it.
    apart: AnyPool,
    /// For the one connection that hears of changes, on the engine that tells of them.
    listening: Option<PgPool>,
}

impl Db {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let engine = Engine::of_url(url)?;
        if matches!(engine, Engine::Sqlite) {
            create_if_missing(url);
        }
        let mut first = first_connection(engine, url).await?;
        bring_up_to_date(&mut first, engine).await?;
        first.close().await?;
        Self::connect(engine, url).await
    }

    pub(crate) async fn open_as_it_is(url: &str) -> Result<Self, StoreError> {
        let engine = Engine::of_url(url)?;
        first_connection(engine, url).await?.close().await?;
        Self::connect(engine, url).await
    }

    async fn connect(engine: Engine, url: &str) -> Result<Self, StoreError> {
        let options = AnyPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| Box::pin(set_up(connection, engine)))
            .before_acquire(|connection, _| Box::pin(ready(Ok(is_whole(connection)))));
        let apart = options.clone().max_connections(MOST_APART).connect_lazy(url)?;
        let pool = options.max_connections(engine.most_connections()).connect(url).await?;
        let listening = match engine {
            Engine::Postgres => Some(PgPoolOptions::new().max_connections(1).connect_lazy(url)?),
            Engine::Sqlite => None,
        };
        Ok(Self { pool, apart, listening })
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
        self.apart.close().await;
        if let Some(listening) = &self.listening {
            listening.close().await;
        }
    }

    pub(crate) fn apart(&self) -> Self {
        Self { pool: self.apart.clone(), ..self.clone() }
    }

    /// Where changes can be listened to, if they can.
    pub(crate) fn listening(&self) -> Option<PgPool> {
        self.listening.clone()
    }

    /// Whether the database is a file of this process's.
    pub(crate) fn is_embedded(&self) -> bool {
        self.listening.is_none()
    }

    /// How many requests the database works at for this process at once.
    pub(crate) fn most_connections(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// How many connections there are, and how many of them nobody uses at the moment.
    pub(crate) fn connections(&self) -> (u32, u32) {
        (self.pool.size(), u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX))
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.pool.begin().await?)
    }

    pub(crate) async fn run(&self, statement: Statement<'_>) -> Result<AnyQueryResult, StoreError> {
        Ok(statement.execute(&self.pool).await?)
    }

    pub(crate) async fn first(&self, statement: Statement<'_>) -> Result<Option<AnyRow>, StoreError> {
        Ok(statement.fetch_optional(&self.pool).await?)
    }

    pub(crate) async fn all(&self, statement: Statement<'_>) -> Result<Vec<AnyRow>, StoreError> {
        Ok(statement.fetch_all(&self.pool).await?)
    }
}

/// The pool would try again and again what cannot succeed; a first connection says why at once.
async fn first_connection(engine: Engine, url: &str) -> Result<AnyConnection, StoreError> {
    sqlx::any::install_default_drivers();
    let mut first = AnyConnection::connect(url).await?;
    set_up(&mut first, engine).await?;
    Ok(first)
}

/// Brings the tables up to date: all of it or nothing, and of many nodes that start at once one does it. Tables of a
/// later version are left as they are, so that a node of the version before starts again beside newer ones.
async fn bring_up_to_date(connection: &mut AnyConnection, engine: Engine) -> Result<(), StoreError> {
    let mut migrator = sqlx::migrate!();
    migrator.set_ignore_missing(true).set_locking(false);
    let mut alone = engine.begin_alone(connection).await?;
    // `run` would take a transaction too, but gives a future that no other thread may drive.
    let migrated = migrator.run_direct(None, &mut *alone, false).await;
    migrated.map_err(|fault| StoreError::Unavailable(fault.into()))?;
    if matches!(engine, Engine::Postgres) {
        alone.execute(POSTGRES_TELLS).await?;
    }
    Ok(alone.commit().await?)
}

async fn set_up(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    match engine {
        Engine::Sqlite => set_up_sqlite(connection).await,
        Engine::Postgres => Ok(()),
    }
}

/// `busy_timeout` does not help whoever turns a new file to the write-ahead log while another does: `SQLite` refuses
/// one of them at once, so that they do not wait for each other for ever.
async fn set_up_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let patience = tokio::time::sleep(PATIENCE);
    tokio::pin!(patience);
    loop {
        let fault = match connection.execute(SQLITE_SETUP).await {
            Err(fault) if is_busy(&fault) => fault,
            done => return done.map(|_| ()),
        };
        tokio::select! {
            () = &mut patience => return Err(fault),
            () = tokio::time::sleep(BREATHER) => {}
        }
    }
}

/// `SQLITE_BUSY` in all its variants, which differ above the lowest byte.
fn is_busy(fault: &sqlx::Error) -> bool {
    const BUSY: u32 = 5;
    let code = fault.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == BUSY)
}

/// Whether a connection may be used again. Where a commit failed, as on a full disk, it may still believe to be in a
/// transaction: what came next would be a part of that one, acknowledged and never stored.
fn is_whole(connection: &AnyConnection) -> bool {
    !connection.is_in_transaction()
}

/// What a URL would read as something else than a part of the path.
const SPECIAL: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?');

pub(crate) fn sqlite_url(file: &Path) -> String {
    format!("sqlite:{}", utf8_percent_encode(&file.display().to_string(), SPECIAL))
}

/// Makes the file of a new database, for its owner alone; the engine gives those beside it the same mode. What does
/// not succeed the engine complains of.
fn create_if_missing(url: &str) {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = percent_decode_str(path.strip_prefix("//").unwrap_or(path)).decode_utf8_lossy();
    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&*path);
}

/// A row's column, read as what it was written as.
pub(crate) trait ReadColumn {
    /// A text that must parse.
    fn parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, StoreError>;
    /// A text.
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
    /// A text that may be missing.
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError>;
    /// An integer.
    fn integer(&self, column: &'static str) -> Result<i64, StoreError>;
    /// An integer that may be missing.
    fn maybe_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError>;

    /// A point in time.
    fn time(&self, column: &'static str) -> Result<UnixTime, StoreError> {
        self.integer(column).map(UnixTime::from_millis)
    }

    /// A point in time that may be missing.
    fn maybe_time(&self, column: &'static str) -> Result<Option<UnixTime>, StoreError> {
        Ok(self.maybe_integer(column)?.map(UnixTime::from_millis))
    }
}

impl ReadColumn for AnyRow {
    fn parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| StoreError::Inconsistent { column })
    }

    fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(column)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_apart_answers_while_everything_else_is_used_up() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&sqlite_url(&folder.path().join("busy.db"))).await.unwrap();
        let mut held = Vec::new();
        for _ in 0..db.most_connections() {
            held.push(db.pool.acquire().await.unwrap());
        }
        assert!(db.pool.try_acquire().is_none());
        db.apart().run(sqlx::query("SELECT 1")).await.unwrap();
    }

    /// Each connection may let the file grow a little; then every write fails as on a full disk.
    async fn fill_up(db: &Db) {
        let mut connections = Vec::new();
        for _ in 0..db.most_connections() {
            let mut connection = db.pool.acquire().await.unwrap();
            connection.execute("PRAGMA max_page_count = 1").await.unwrap();
            connections.push(connection);
        }
    }

    async fn add(db: &Db, number: i64) -> Result<(), StoreError> {
        let mut transaction = db.begin().await?;
        let insert = sqlx::query("INSERT INTO things (number, text) VALUES ($1, $2)");
        insert.bind(number).bind("x".repeat(50_000)).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    #[tokio::test]
    async fn after_a_full_disk_nothing_is_acknowledged_that_is_not_stored() {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_url(&folder.path().join("full.db"));
        let db = Db::open(&url).await.unwrap();
        db.run(sqlx::query("CREATE TABLE things (number BIGINT, text TEXT)")).await.unwrap();
        fill_up(&db).await;
        let (mut acknowledged, mut refused) = (Vec::new(), 0);
        for number in 0..40 {
            match add(&db, number).await {
                Ok(()) => acknowledged.push(number),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 0, "the disk was never full");
        add(&db, 100).await.unwrap();
        acknowledged.push(100);
        db.close().await;
        let reopened = Db::open(&url).await.unwrap();
        let rows = reopened.all(sqlx::query("SELECT number FROM things ORDER BY number")).await.unwrap();
        let stored: Vec<i64> = rows.iter().map(|row| row.integer("number").unwrap()).collect();
        assert_eq!(stored, acknowledged);
    }
}
