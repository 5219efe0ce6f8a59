//! Tenants: what `X-Tenant-ID` names.

use crate::db::{ReadColumn, Statement};
use crate::installations::CONSENT_LAPSES_AFTER;
use crate::organisations::{self, Organisation};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError, Taken};
use einlass_protocol::ids::{AppId, OrganisationId, PersonId, TenantId};
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
pub(crate) const OF_ORGANISATION: &str =
    "SELECT id, organisation_id, slug, name, customer_number, jtl_account_id
     FROM tenants WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";

/// How many tenants of one person are told at most.
const MOST_OF_PERSON: i64 = 1_000;

pub(crate) const OF_PERSON: &str =
    "SELECT t.id, t.organisation_id, t.slug, t.name, t.customer_number, t.jtl_account_id, t.created_at
     FROM memberships m JOIN tenants t ON t.organisation_id = m.organisation_id
     WHERE m.person_id = $1 ORDER BY t.name, t.id LIMIT $2";

pub(crate) const OF_PERSON_WITH_APP: &str =
    "SELECT t.id, t.organisation_id, t.slug, t.name, t.customer_number, t.jtl_account_id
     FROM memberships m JOIN tenants t ON t.organisation_id = m.organisation_id
     JOIN installations i ON i.tenant_id = t.id AND i.app_id = $2
     WHERE m.person_id = $1 AND i.removed_at IS NULL AND (i.activated_at IS NOT NULL OR i.consented_at > $3)
     ORDER BY t.name, t.id LIMIT 50";

/// A tenant of somebody's, and since when there is one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PersonsTenant {
    /// Which one.
    pub tenant: Tenant,
    /// When it was recorded.
    pub created_at: UnixTime,
}

/// A tenant to be.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// Its id.
    pub id: TenantId,
    /// Whose it is.
    pub owner: Owner,
    /// Its name in URLs; unique.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The merchant's customer number.
    pub customer_number: String,
    /// Its number at marketplace channels; `None` for the next one after the highest.
    pub jtl_account_id: Option<i64>,
}

/// Whose a tenant will be.
#[derive(Clone, Debug)]
pub enum Owner {
    /// An organisation that is there.
    Known(OrganisationId),
    /// An organisation that is recorded with it.
    New(Organisation),
}

impl Owner {
    const fn id(&self) -> OrganisationId {
        match self {
            Self::Known(id) => *id,
            Self::New(organisation) => organisation.id,
        }
    }
}

/// How often a free account number is looked for. Of those who race for one, somebody gets it each time.
const MOST_ATTEMPTS: u32 = 64;

impl Store {
    /// Records a tenant.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when its id, slug or account number is taken,
    /// [`StoreError::MissingReference`] when the organisation is unknown.
    pub async fn create_tenant(
        &self,
        tenant: &Tenant,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let insert = insert(tenant, Some(tenant.jtl_account_id), write.now);
        self.run_audited(insert, write).await.map(|_| ())
    }

    /// Records a tenant, its organisation where that is new, and gives it the next free account number where it has
    /// none: all or nothing.
    ///
    /// # Errors
    /// Those of [`Self::create_tenant`].
    pub async fn register_tenant(
        &self,
        new: &NewTenant,
        write: impl Into<Write<'_>>,
    ) -> Result<Tenant, StoreError> {
        let write = write.into();
        for _ in 1..MOST_ATTEMPTS {
            match self.try_to_register(new, write).await {
                // Somebody else took the number that was free.
                Err(StoreError::AlreadyExists(Taken::AccountNumber)) if new.jtl_account_id.is_none() => {}
                outcome => return outcome,
            }
        }
        self.try_to_register(new, write).await
    }

    async fn try_to_register(&self, new: &NewTenant, write: Write<'_>) -> Result<Tenant, StoreError> {
        let mut transaction = self.db.begin().await?;
        if let Owner::New(organisation) = &new.owner {
            organisations::insert(organisation, write.now).execute(&mut *transaction).await?;
        }
        let mut tenant = Tenant {
            id: new.id,
            organisation: new.owner.id(),
            slug: new.slug.clone(),
            name: new.name.clone(),
            customer_number: new.customer_number.clone(),
            jtl_account_id: 0,
        };
        let insert = insert(&tenant, new.jtl_account_id, write.now);
        tenant.jtl_account_id = insert.fetch_one(&mut *transaction).await?.integer("jtl_account_id")?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(tenant)
    }

    /// The tenant of this id.
    pub async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?.as_ref().map(tenant).transpose()
    }

    /// The tenant of this slug.
    pub async fn tenant_with_slug(&self, slug: &str) -> Result<Option<Tenant>, StoreError> {
        self.db.first(sqlx::query(BY_SLUG).bind(slug)).await?.as_ref().map(tenant).transpose()
    }

    /// The tenants of the organisations that somebody is a member of, by name: a thousand at most.
    pub async fn tenants_of_person(&self, person: PersonId) -> Result<Vec<PersonsTenant>, StoreError> {
        let select = sqlx::query(OF_PERSON).bind(person.to_string()).bind(MOST_OF_PERSON);
        let found = |row| Ok(PersonsTenant { tenant: tenant(row)?, created_at: row.time("created_at")? });
        self.db.all(select).await?.iter().map(found).collect()
    }

    /// Those of them that have this app, by name: fifty at most.
    pub async fn tenants_with_app(
        &self,
        person: PersonId,
        app: AppId,
        now: UnixTime,
    ) -> Result<Vec<Tenant>, StoreError> {
        let select = sqlx::query(OF_PERSON_WITH_APP)
            .bind(person.to_string())
            .bind(app.to_string())
            .bind(now.minus(CONSENT_LAPSES_AFTER).millis());
        self.db.all(select).await?.iter().map(tenant).collect()
    }

    /// A page of all tenants, by id.
    pub async fn tenants(&self, page: &Page<TenantId>) -> Result<Vec<Tenant>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(tenant).collect()
    }

    /// A page of an organisation's tenants, by id.
    pub async fn tenants_of(
        &self,
        organisation: OrganisationId,
        page: &Page<TenantId>,
    ) -> Result<Vec<Tenant>, StoreError> {
        let select = sqlx::query(OF_ORGANISATION).bind(organisation.to_string());
        let select = select.bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(tenant).collect()
    }
}

fn insert(tenant: &Tenant, jtl_account_id: Option<i64>, now: UnixTime) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO tenants (id, organisation_id, slug, name, customer_number, jtl_account_id, created_at)
         VALUES ($1, $2, $3, $4, $5,
                 COALESCE($6, (SELECT COALESCE(MAX(jtl_account_id), 0) + 1 FROM tenants)), $7)
         RETURNING jtl_account_id",
    )
    .bind(tenant.id.to_string())
    .bind(tenant.organisation.to_string())
    .bind(&tenant.slug)
    .bind(&tenant.name)
    .bind(&tenant.customer_number)
    .bind(jtl_account_id)
    .bind(now.millis())
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
