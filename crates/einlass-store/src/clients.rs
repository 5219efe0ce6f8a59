//! The clients through which apps act.

use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::secrets::{self, NewSecret};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, ClientId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use std::fmt;
use std::str::FromStr;

/// Whether a client can keep a secret (RFC 6749 §2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientKind {
    /// It can, and has some.
    Service,
    /// It cannot, as a page or a program on somebody's own machine, and has none.
    Public,
}

impl ClientKind {
    const ALL: [Self; 2] = [Self::Service, Self::Public];

    /// What it is stored and sent as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Public => "public",
        }
    }
}

impl fmt::Display for ClientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no kind of a client")]
pub struct InvalidClientKind;

impl FromStr for ClientKind {
    type Err = InvalidClientKind;

    fn from_str(text: &str) -> Result<Self, InvalidClientKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(InvalidClientKind)
    }
}

/// A client.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Client {
    /// Its id; unique.
    pub id: ClientId,
    /// The app that acts through it.
    pub app: AppId,
    /// How its tokens are signed.
    pub algorithm: Algorithm,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
}

pub(crate) const BY_ID: &str = "SELECT id, app_id, algorithm, kind FROM clients WHERE id = $1";
pub(crate) const OF_APP: &str =
    "SELECT id, app_id, algorithm, kind FROM clients WHERE app_id = $1 AND id > $2 ORDER BY id LIMIT $3";

impl Store {
    /// Records one more client of an app with its first secret: both or neither.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when an id is taken, [`StoreError::MissingReference`] when the app is
    /// unknown.
    pub async fn create_client(
        &self,
        client: &Client,
        secret: &NewSecret,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        insert(client, write.now).execute(&mut *transaction).await?;
        secrets::insert(secret, write.now).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The client of this id.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        self.db.first(sqlx::query(BY_ID).bind(id.as_str())).await?.as_ref().map(client).transpose()
    }

    /// A page of an app's clients, by id.
    pub async fn clients_of_app(&self, app: AppId, page: &Page<ClientId>) -> Result<Vec<Client>, StoreError> {
        let select = sqlx::query(OF_APP).bind(app.to_string()).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(client).collect()
    }
}

pub(crate) fn insert(client: &Client, now: UnixTime) -> Statement<'_> {
    sqlx::query("INSERT INTO clients (id, app_id, algorithm, kind, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(client.id.as_str())
        .bind(client.app.to_string())
        .bind(client.algorithm.as_str())
        .bind(client.kind.as_str())
        .bind(now.millis())
}

fn client(row: &AnyRow) -> Result<Client, StoreError> {
    let (id, app) = (row.parsed("id")?, row.parsed("app_id")?);
    Ok(Client { id, app, algorithm: algorithm(row)?, kind: row.parsed("kind")? })
}

pub(crate) fn algorithm(row: &AnyRow) -> Result<Algorithm, StoreError> {
    Algorithm::from_name(&row.text("algorithm")?).ok_or(StoreError::Inconsistent { column: "algorithm" })
}
