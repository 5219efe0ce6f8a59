//! Tenants: what `X-Tenant-ID` names.

use crate::db::ReadColumn;
use crate::page::Page;
use crate::{Store, StoreError};
use einlass_protocol::ids::{OrganisationId, TenantId};
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

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

pub(crate) const BY_ID: &str =
    "SELECT id, organisation_id, slug, name, customer_number, jtl_account_id FROM tenants WHERE id = $1";
pub(crate) const BY_SLUG: &str =
    "SELECT id, organisation_id, slug, name, customer_number, jtl_account_id FROM tenants WHERE slug = $1";
pub(crate) const LIST: &str = "SELECT id, organisation_id, slug, name, customer_number, jtl_account_id
     FROM tenants WHERE id > $1 ORDER BY id LIMIT $2";

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
        self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?.as_ref().map(tenant).transpose()
    }

    /// The tenant of this slug.
    pub async fn tenant_with_slug(&self, slug: &str) -> Result<Option<Tenant>, StoreError> {
        self.db.first(sqlx::query(BY_SLUG).bind(slug)).await?.as_ref().map(tenant).transpose()
    }

    /// A page of all tenants, by id.
    pub async fn tenants(&self, page: &Page<TenantId>) -> Result<Vec<Tenant>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(tenant).collect()
    }
}

fn tenant(row: &AnyRow) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        id: row.parsed("id")?,
        organisation: row.parsed("organisation_id")?,
        slug: row.text("slug")?,
        name: row.text("name")?,
        customer_number: row.text("customer_number")?,
        jtl_account_id: row.integer("jtl_account_id")?,
    })
}
