//! How much there is of everything, at a glance.

use crate::db::ReadColumn;
use crate::installations::CONSENT_LAPSES_AFTER;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::UnixTime;

/// How many there are on the platform.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// Organisations, the operator among them.
    pub organisations: i64,
    /// Apps.
    pub apps: i64,
    /// Apps that wait for publication.
    pub submitted: i64,
    /// Installations that let an app act.
    pub installations: i64,
    /// Marketplace channels.
    pub channels: i64,
    /// On-premise apps whose key works.
    pub registrations: i64,
    /// People who have an account.
    pub people: i64,
}

pub(crate) const ALL: &str = "SELECT
     (SELECT COUNT(*) FROM organisations) AS organisations,
     (SELECT COUNT(*) FROM apps) AS apps,
     (SELECT COUNT(*) FROM listings WHERE state = 'submitted') AS submitted,
     (SELECT COUNT(*) FROM installations
      WHERE removed_at IS NULL AND (activated_at IS NOT NULL OR consented_at > $1)) AS installations,
     (SELECT COUNT(*) FROM channels) AS channels,
     (SELECT COUNT(*) FROM registrations WHERE state = 'active') AS registrations,
     (SELECT COUNT(*) FROM people) AS people";
pub(crate) const INSTALLATIONS: &str = "SELECT COUNT(*) AS installations FROM installations
     WHERE app_id = $1 AND removed_at IS NULL AND (activated_at IS NOT NULL OR consented_at > $2)";

pub(crate) const INSTALLATIONS_AT: &str = "SELECT COUNT(*) AS installations FROM installations
     WHERE tenant_id = $1 AND removed_at IS NULL AND (activated_at IS NOT NULL OR consented_at > $2)";
pub(crate) const SELLERS: &str = "SELECT COUNT(*) AS sellers FROM seller_links WHERE channel = $1";

impl Store {
    /// How many there are of everything now.
    pub async fn totals(&self, now: UnixTime) -> Result<Totals, StoreError> {
        let select = sqlx::query(ALL).bind(now.minus(CONSENT_LAPSES_AFTER).millis());
        let Some(row) = self.db.first(select).await? else { return Ok(Totals::default()) };
        Ok(Totals {
            organisations: row.integer("organisations")?,
            apps: row.integer("apps")?,
            submitted: row.integer("submitted")?,
            installations: row.integer("installations")?,
            channels: row.integer("channels")?,
            registrations: row.integer("registrations")?,
            people: row.integer("people")?,
        })
    }

    /// At how many tenants an app may act now.
    pub async fn count_installations(&self, app: AppId, now: UnixTime) -> Result<i64, StoreError> {
        let select =
            sqlx::query(INSTALLATIONS).bind(app.to_string()).bind(now.minus(CONSENT_LAPSES_AFTER).millis());
        self.db.first(select).await?.map_or(Ok(0), |row| row.integer("installations"))
    }

    /// How many apps may act for a tenant now.
    pub async fn count_installations_at(&self, tenant: TenantId, now: UnixTime) -> Result<i64, StoreError> {
        let select = sqlx::query(INSTALLATIONS_AT).bind(tenant.to_string());
        let select = select.bind(now.minus(CONSENT_LAPSES_AFTER).millis());
        self.db.first(select).await?.map_or(Ok(0), |row| row.integer("installations"))
    }

    /// How many sellers are linked to a channel.
    pub async fn count_sellers(&self, channel: &ChannelName) -> Result<i64, StoreError> {
        let select = sqlx::query(SELLERS).bind(channel.as_str());
        self.db.first(select).await?.map_or(Ok(0), |row| row.integer("sellers"))
    }
}
