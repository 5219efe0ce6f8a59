//! Tenants: what `X-Tenant-ID` names.

use crate::db::ReadColumn;
use crate::{Store, StoreError};
use einlass_protocol::ids::{OrganisationId, TenantId};
use einlass_protocol::time::UnixTime;

/// A merchant's tenant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tenant {
    /// The value of `X-Tenant-ID`.
    pub id: TenantId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its name in URLs; unique.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The merchant's customer number.
    pub customer_number: String,
    /// The tenant's number at marketplace channels; unique.
    pub jtl_account_id: i64,
}

impl Store {
    /// Records a tenant.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when its id, slug or account number is taken,
    /// [`StoreError::MissingReference`] when the organisation is unknown.
    pub async fn create_tenant(&self, tenant: &Tenant, now: UnixTime) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO tenants (id, organisation_id, slug, name, customer_number, jtl_account_id, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(tenant.id.to_string())
        .bind(tenant.organisation.to_string())
        .bind(&tenant.slug)
        .bind(&tenant.name)
        .bind(&tenant.customer_number)
        .bind(tenant.jtl_account_id)
        .bind(now.millis());
        self.db.run(insert).await.map(|_| ())
    }

    /// The tenant of this id.
    pub async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        let select = sqlx::query(
            "SELECT id, organisation_id, slug, name, customer_number, jtl_account_id FROM tenants WHERE id = $1",
        )
        .bind(id.to_string());
        let Some(row) = self.db.first(select).await? else {
            return Ok(None);
        };
        Ok(Some(Tenant {
            id: row.parsed("id")?,
            organisation: row.parsed("organisation_id")?,
            slug: row.text("slug")?,
            name: row.text("name")?,
            customer_number: row.text("customer_number")?,
            jtl_account_id: row.integer("jtl_account_id")?,
        }))
    }
}
