//! Organisations: merchants, partners, the operator.

use crate::{Store, StoreError};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::time::UnixTime;

/// An organisation to be.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Who it is.
    pub id: OrganisationId,
    /// What it is called.
    pub name: String,
}

impl Store {
    /// Records an organisation.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the id is taken.
    pub async fn create_organisation(&self, new: &NewOrganisation, now: UnixTime) -> Result<(), StoreError> {
        let insert = sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)")
            .bind(new.id.to_string())
            .bind(&new.name)
            .bind(now.millis());
        self.db.run(insert).await.map(|_| ())
    }
}
