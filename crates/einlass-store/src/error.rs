//! What can go wrong with the store.

/// What can go wrong with the store. That something is not there is no error: look-ups answer `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with the same identity or the same unique name is there already. Nothing was changed.
    #[error("it exists already")]
    AlreadyExists,
    /// A stored value is not what the code that wrote it writes.
    #[error("the database holds a malformed {column}")]
    Inconsistent {
        /// The column that holds it.
        column: &'static str,
    },
    /// PostgreSQL has programs of its own for what was asked.
    #[error("this is for SQLite; PostgreSQL is backed up with pg_dump")]
    NotEmbedded,
    /// What the row refers to is not there. Nothing was changed.
    #[error("it refers to something that does not exist")]
    MissingReference,
    /// The database did not do what it was asked. Whether a write took place is known to be not.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The URL is for neither engine. The URL itself is not repeated: it may hold a password.
    #[error("the database's URL must begin with `sqlite:` or `postgres://`")]
    UnsupportedUrl,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(fault) if fault.is_unique_violation() => Self::AlreadyExists,
            Some(fault) if fault.is_foreign_key_violation() => Self::MissingReference,
            _ => Self::Unavailable(error),
        }
    }
}
