//! The connection pool, and the only place that knows which engine is behind it.

use crate::StoreError;
use einlass_protocol::time::UnixTime;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sqlx::any::{AnyArguments, AnyPoolOptions, AnyQueryResult, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Row, Transaction};
use std::path::Path;
use std::time::Duration;

/// How long a request waits for a connection before it is told that the database is unavailable.
const PATIENCE: Duration = Duration::from_secs(5);

/// Write-ahead logging, so that readers do not wait for the writer; a full sync at each commit, so that
/// what was acknowledged survives a power cut.
const SQLITE_SETUP: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; \
                            PRAGMA foreign_keys = ON;";

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
}

impl Db {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let engine = Engine::of_url(url)?;
        sqlx::any::install_default_drivers();
        let url = created_if_missing(engine, url);
        // The pool would try again and again what cannot succeed; a first connection says why at once.
        let mut first = AnyConnection::connect(&url).await?;
        set_up(&mut first, engine).await?;
        first.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(engine.most_connections())
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| Box::pin(set_up(connection, engine)))
            .connect(&url)
            .await?;
        sqlx::migrate!().run(&pool).await.map_err(|fault| StoreError::Unavailable(fault.into()))?;
        Ok(Self { pool })
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
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

async fn set_up(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    if matches!(engine, Engine::Sqlite) {
        connection.execute(SQLITE_SETUP).await?;
    }
    Ok(())
}

/// What a URL would read as something else than a part of the path.
const SPECIAL: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?');

pub(crate) fn sqlite_url(file: &Path) -> String {
    format!("sqlite:{}", utf8_percent_encode(&file.display().to_string(), SPECIAL))
}

fn created_if_missing(engine: Engine, url: &str) -> String {
    match engine {
        Engine::Sqlite if !url.contains('?') => format!("{url}?mode=rwc"),
        _ => url.into(),
    }
}

/// A row's column, read as what it was written as.
pub(crate) trait ReadColumn {
    /// A text that must parse.
    fn parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, StoreError>;
    /// A text.
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
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

    fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(column)?)
    }
}
