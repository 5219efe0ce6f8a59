//! Installations: which app may act for which tenant, with which scopes.
//!
//! consented → active → removed. A consent opens the gateway, since an app's set-up needs the API, and
//! lapses when the set-up does not finish within a day.

use crate::changes::Change;
use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use std::time::Duration;

/// How long a consent lasts when no set-up completes it.
pub const CONSENT_LAPSES_AFTER: Duration = Duration::from_hours(24);

/// An installation that opens the gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Installation {
    /// What the merchant granted.
    pub granted: ScopeSet,
    /// When it lapses unless its set-up is completed before; `None` once it is.
    pub lapses_at: Option<UnixTime>,
}

/// An installation in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedInstallation {
    /// Which app.
    pub app: AppId,
    /// What people call it.
    pub app_name: String,
    /// At which tenant.
    pub tenant: TenantId,
    /// What people call that.
    pub tenant_name: String,
    /// What it lets the app do.
    pub installation: Installation,
}

macro_rules! list {
    ($of:literal, $by:literal) => {
        concat!(
            "SELECT i.app_id, i.tenant_id, i.granted_scopes, i.consented_at, i.activated_at,
                    a.name AS app_name, t.name AS tenant_name
             FROM installations i JOIN apps a ON a.id = i.app_id JOIN tenants t ON t.id = i.tenant_id
             WHERE i.",
            $of,
            " = $1 AND i.",
            $by,
            " > $2 AND i.removed_at IS NULL
               AND (i.activated_at IS NOT NULL OR i.consented_at > $3)
             ORDER BY i.",
            $by,
            " LIMIT $4"
        )
    };
}

pub(crate) const OF_TENANT: &str = list!("tenant_id", "app_id");
pub(crate) const OF_APP: &str = list!("app_id", "tenant_id");

/// What removes an app from a tenant, unless it is removed.
pub(crate) fn remove(app: AppId, tenant: TenantId, now: UnixTime) -> Statement<'static> {
    sqlx::query(
        "UPDATE installations SET removed_at = $3
         WHERE app_id = $1 AND tenant_id = $2 AND removed_at IS NULL",
    )
    .bind(app.to_string())
    .bind(tenant.to_string())
    .bind(now.millis())
}

impl Store {
    /// Records that a merchant let an app in with these scopes. For an app that is active already it changes
    /// the scopes alone.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when the app or the tenant is unknown.
    pub async fn consent_to_app(
        &self,
        app: AppId,
        tenant: TenantId,
        granted: &ScopeSet,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let upsert = sqlx::query(
            "INSERT INTO installations (app_id, tenant_id, granted_scopes, consented_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (app_id, tenant_id) DO UPDATE SET
                 granted_scopes = excluded.granted_scopes,
                 consented_at = excluded.consented_at,
                 activated_at = CASE WHEN installations.removed_at IS NULL
                                     THEN installations.activated_at END,
                 removed_at = NULL",
        )
        .bind(app.to_string())
        .bind(tenant.to_string())
        .bind(granted.to_string())
        .bind(write.now.millis());
        self.run_recording(upsert, &Change::Installation(app, tenant), write).await.map(|_| ())
    }

    /// Grants an app other scopes where it is installed. Says whether it is: one that was removed or lapsed stays so.
    pub async fn grant_more(
        &self,
        app: AppId,
        tenant: TenantId,
        granted: &ScopeSet,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let update = sqlx::query(
            "UPDATE installations SET granted_scopes = $3 WHERE app_id = $1 AND tenant_id = $2 AND removed_at IS NULL
               AND (activated_at IS NOT NULL OR consented_at > $4)",
        )
        .bind(app.to_string())
        .bind(tenant.to_string())
        .bind(granted.to_string())
        .bind(write.now.minus(CONSENT_LAPSES_AFTER).millis());
        self.run_recording(update, &Change::Installation(app, tenant), write).await
    }

    /// Lets an app act for a tenant at once, without a set-up, with these scopes in place of those before.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when the app or the tenant is unknown.
    pub async fn install_app(
        &self,
        app: AppId,
        tenant: TenantId,
        granted: &ScopeSet,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let upsert = sqlx::query(
            "INSERT INTO installations (app_id, tenant_id, granted_scopes, consented_at, activated_at)
             VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (app_id, tenant_id) DO UPDATE SET
                 granted_scopes = excluded.granted_scopes,
                 consented_at = excluded.consented_at,
                 activated_at = excluded.activated_at,
                 removed_at = NULL",
        )
        .bind(app.to_string())
        .bind(tenant.to_string())
        .bind(granted.to_string())
        .bind(write.now.millis());
        self.run_recording(upsert, &Change::Installation(app, tenant), write).await.map(|_| ())
    }

    /// Completes a set-up. Says whether there was a consent to complete: not after it lapsed or the app was
    /// removed. Completing twice is one completion.
    pub async fn complete_setup(
        &self,
        app: AppId,
        tenant: TenantId,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let (write, change) = (write.into(), Change::Installation(app, tenant));
        let update = sqlx::query(
            "UPDATE installations SET activated_at = COALESCE(activated_at, $3)
             WHERE app_id = $1 AND tenant_id = $2 AND removed_at IS NULL
               AND (activated_at IS NOT NULL OR consented_at > $4)",
        )
        .bind(app.to_string())
        .bind(tenant.to_string())
        .bind(write.now.millis())
        .bind(write.now.minus(CONSENT_LAPSES_AFTER).millis());
        self.run_recording(update, &change, write).await
    }

    /// Removes an app from a tenant. Says whether this call did.
    pub async fn remove_installation(
        &self,
        app: AppId,
        tenant: TenantId,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let (write, change) = (write.into(), Change::Installation(app, tenant));
        self.run_recording(remove(app, tenant, write.now), &change, write).await
    }

    /// The installation that lets an app act for a tenant now, if there is one: none while the app is shut out.
    pub async fn open_installation(
        &self,
        app: AppId,
        tenant: TenantId,
        now: UnixTime,
    ) -> Result<Option<Installation>, StoreError> {
        let select = sqlx::query(
            "SELECT i.granted_scopes, i.consented_at, i.activated_at FROM installations i JOIN apps a ON a.id = i.app_id
             WHERE i.app_id = $1 AND i.tenant_id = $2 AND i.removed_at IS NULL AND a.shut_out_at IS NULL
               AND (i.activated_at IS NOT NULL OR i.consented_at > $3)",
        )
        .bind(app.to_string())
        .bind(tenant.to_string())
        .bind(now.minus(CONSENT_LAPSES_AFTER).millis());
        self.db.first(select).await?.as_ref().map(installation).transpose()
    }

    /// A page of what is installed at a tenant now, by app.
    pub async fn installations_of_tenant(
        &self,
        tenant: TenantId,
        page: &Page<AppId>,
        now: UnixTime,
    ) -> Result<Vec<ListedInstallation>, StoreError> {
        let select = sqlx::query(OF_TENANT)
            .bind(tenant.to_string())
            .bind(page.after())
            .bind(now.minus(CONSENT_LAPSES_AFTER).millis())
            .bind(page.rows());
        self.db.all(select).await?.iter().map(listed).collect()
    }

    /// A page of where an app is installed now, by tenant.
    pub async fn installations_of_app(
        &self,
        app: AppId,
        page: &Page<TenantId>,
        now: UnixTime,
    ) -> Result<Vec<ListedInstallation>, StoreError> {
        let select = sqlx::query(OF_APP)
            .bind(app.to_string())
            .bind(page.after())
            .bind(now.minus(CONSENT_LAPSES_AFTER).millis())
            .bind(page.rows());
        self.db.all(select).await?.iter().map(listed).collect()
    }
}

fn listed(row: &AnyRow) -> Result<ListedInstallation, StoreError> {
    Ok(ListedInstallation {
        app: row.parsed("app_id")?,
        app_name: row.text("app_name")?,
        tenant: row.parsed("tenant_id")?,
        tenant_name: row.text("tenant_name")?,
        installation: installation(row)?,
    })
}

pub(crate) fn installation(row: &AnyRow) -> Result<Installation, StoreError> {
    let consented_at = row.time("consented_at")?;
    let is_active = row.maybe_integer("activated_at")?.is_some();
    Ok(Installation {
        granted: row.parsed("granted_scopes")?,
        lapses_at: (!is_active).then(|| consented_at.plus(CONSENT_LAPSES_AFTER)),
    })
}
