//! Organisations: merchants, partners, the operator.

use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// An organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organisation {
    /// Who it is.
    pub id: OrganisationId,
    /// What it is called.
    pub name: String,
}

pub(crate) const BY_ID: &str = "SELECT id, name FROM organisations WHERE id = $1";
pub(crate) const LIST: &str = "SELECT id, name FROM organisations WHERE id > $1 ORDER BY id LIMIT $2";

impl Store {
    /// Records an organisation.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the id is taken.
    pub async fn create_organisation(
        &self,
        new: &Organisation,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        self.run_audited(insert(new, write.now), write).await.map(|_| ())
    }

    /// Records an organisation unless its id is there already, however many nodes do it at once.
    pub async fn ensure_organisation(&self, new: &Organisation, now: UnixTime) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        )
        .bind(new.id.to_string())
        .bind(&new.name)
        .bind(now.millis());
        self.db.run(insert).await.map(|_| ())
    }

    /// The organisation of this id.
    pub async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?.as_ref().map(organisation).transpose()
    }

    /// A page of all organisations, by id.
    pub async fn organisations(&self, page: &Page<OrganisationId>) -> Result<Vec<Organisation>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(organisation).collect()
    }
}

pub(crate) fn insert(new: &Organisation, now: UnixTime) -> Statement<'_> {
    sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)")
        .bind(new.id.to_string())
        .bind(&new.name)
        .bind(now.millis())
}

pub(crate) fn organisation(row: &AnyRow) -> Result<Organisation, StoreError> {
    Ok(Organisation { id: row.parsed("id")?, name: row.text("name")? })
}
