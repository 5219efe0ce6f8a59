//! What can go wrong with the store.

use sqlx::error::DatabaseError;
use std::fmt;

/// What can go wrong with the store. That something is not there is no error: look-ups answer `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something that may be there once is there already. Nothing was changed.
    #[error("{0} is taken")]
    AlreadyExists(Taken),
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
            Some(fault) if fault.is_unique_violation() => Self::AlreadyExists(Taken::of(fault)),
            Some(fault) if fault.is_foreign_key_violation() => Self::MissingReference,
            _ => Self::Unavailable(error),
        }
    }
}

/// What may be there once and is there already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Taken {
    /// The account number of a tenant.
    AccountNumber,
    /// The address of an account.
    Email,
    /// The name of an on-premise database.
    Database,
    /// A file.
    File,
    /// An id.
    Id,
    /// The name of an admin token.
    Name,
    /// The slug of a tenant.
    Slug,
    /// The technical name of an app.
    TechnicalName,
}

impl Taken {
    /// PostgreSQL names the constraint (`tenants_slug_key`), `SQLite` the column (`tenants.slug`).
    fn of(fault: &dyn DatabaseError) -> Self {
        let said = fault.constraint().unwrap_or_else(|| fault.message());
        let columns = [
            ("email", Self::Email),
            ("database_name", Self::Database),
            ("jtl_account_id", Self::AccountNumber),
            ("slug", Self::Slug),
            ("technical_name", Self::TechnicalName),
            ("name", Self::Name),
        ];
        columns.into_iter().find(|(column, _)| said.contains(column)).map_or(Self::Id, |(_, taken)| taken)
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccountNumber => "the account number",
            Self::Email => "the address",
            Self::Database => "the database",
            Self::File => "the file",
            Self::Id => "the id",
            Self::Name => "the name",
            Self::Slug => "the slug",
            Self::TechnicalName => "the technical name",
        })
    }
}
