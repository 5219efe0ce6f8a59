//! ERPs on merchants' own premises, and whether somebody there waits for an app to register.

use crate::db::ReadColumn;
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{OrganisationId, SiteId};
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// An ERP on a merchant's own premises.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What it is called in paths; unique.
    pub database: DatabaseName,
    /// What people call it.
    pub name: String,
    /// Until when somebody waits for an app to register there, if somebody does or did.
    pub waiting_until: Option<UnixTime>,
    /// Whether the merchant has a licence for apps.
    pub licensed: bool,
}

pub(crate) const BY_ID: &str =
    "SELECT id, organisation_id, database_name, name, waiting_until, licensed FROM sites WHERE id = $1";
pub(crate) const BY_DATABASE: &str = "SELECT id, organisation_id, database_name, name, waiting_until, licensed FROM sites WHERE database_name = $1";
pub(crate) const OF_ORGANISATION: &str =
    "SELECT id, organisation_id, database_name, name, waiting_until, licensed
     FROM sites WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";
pub(crate) const LIST: &str = "SELECT id, organisation_id, database_name, name, waiting_until, licensed
     FROM sites WHERE id > $1 ORDER BY id LIMIT $2";

impl Store {
    /// Records a site.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the database's name is taken, [`StoreError::MissingReference`] when the
    /// organisation is unknown.
    pub async fn create_site(&self, new: &Site, write: impl Into<Write<'_>>) -> Result<(), StoreError> {
        let write = write.into();
        let insert = sqlx::query(
            "INSERT INTO sites (id, organisation_id, database_name, name, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.id.to_string())
        .bind(new.organisation.to_string())
        .bind(new.database.as_str())
        .bind(&new.name)
        .bind(write.now.millis());
        self.run_audited(insert, write).await.map(|_| ())
    }

    /// The site of this id.
    pub async fn site(&self, id: SiteId) -> Result<Option<Site>, StoreError> {
        self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?.as_ref().map(site).transpose()
    }

    /// The site of this database.
    pub async fn site_of_database(&self, database: &DatabaseName) -> Result<Option<Site>, StoreError> {
        let select = sqlx::query(BY_DATABASE).bind(database.as_str());
        self.db.first(select).await?.as_ref().map(site).transpose()
    }

    /// A page of an organisation's sites, by id.
    pub async fn sites_of(
        &self,
        organisation: OrganisationId,
        page: &Page<SiteId>,
    ) -> Result<Vec<Site>, StoreError> {
        let select = sqlx::query(OF_ORGANISATION).bind(organisation.to_string());
        self.db.all(select.bind(page.after()).bind(page.rows())).await?.iter().map(site).collect()
    }

    /// A page of all sites, by id.
    pub async fn sites(&self, page: &Page<SiteId>) -> Result<Vec<Site>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(site).collect()
    }

    /// The merchant has a licence for apps from now on, or has none. Says whether that is something new.
    pub async fn license_site(
        &self,
        id: SiteId,
        licensed: bool,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let update = sqlx::query("UPDATE sites SET licensed = $2 WHERE id = $1 AND licensed <> $2");
        self.run_audited(update.bind(id.to_string()).bind(i64::from(licensed)), write.into()).await
    }

    /// Somebody waits there for an app to register, until then, or no more. Says whether there is such a site.
    pub async fn await_registration(
        &self,
        id: SiteId,
        until: Option<UnixTime>,
        by: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let update = sqlx::query("UPDATE sites SET waiting_until = $2, waiting_by = $3 WHERE id = $1")
            .bind(id.to_string())
            .bind(until.map(UnixTime::millis))
            .bind(by);
        self.run_audited(update, write.into()).await
    }
}

fn site(row: &AnyRow) -> Result<Site, StoreError> {
    Ok(Site {
        id: row.parsed("id")?,
        organisation: row.parsed("organisation_id")?,
        database: row.parsed("database_name")?,
        name: row.text("name")?,
        waiting_until: row.maybe_time("waiting_until")?,
        licensed: row.integer("licensed")? != 0,
    })
}
