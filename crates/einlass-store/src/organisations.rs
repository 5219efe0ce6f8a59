//! Organisations: merchants, partners, the operator.

use crate::db::ReadColumn;
use crate::page::Page;
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

pub(crate) const LIST: &str = "SELECT id, name FROM organisations WHERE id > $1 ORDER BY id LIMIT $2";

impl Store {
    /// Records an organisation.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the id is taken.
    pub async fn create_organisation(&self, new: &Organisation, now: UnixTime) -> Result<(), StoreError> {
        let insert = sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)")
            .bind(new.id.to_string())
            .bind(&new.name)
            .bind(now.millis());
        self.db.run(insert).await.map(|_| ())
    }

    /// The organisation of this id.
    pub async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        let select = sqlx::query("SELECT id, name FROM organisations WHERE id = $1").bind(id.to_string());
        self.db.first(select).await?.as_ref().map(organisation).transpose()
    }

    /// A page of all organisations, by id.
    pub async fn organisations(&self, page: &Page<OrganisationId>) -> Result<Vec<Organisation>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(organisation).collect()
    }
}

fn organisation(row: &AnyRow) -> Result<Organisation, StoreError> {
    Ok(Organisation { id: row.parsed("id")?, name: row.text("name")? })
}
