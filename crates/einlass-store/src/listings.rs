//! What apps say of themselves, who finds them, and where they are installed: what merchants see of apps.

use crate::apps::{self, App};
use crate::changes::Change;
use crate::db::ReadColumn;
use crate::installations::{CONSENT_LAPSES_AFTER, Installation, installation};
use crate::memberships::pattern;
use crate::origins::{self, Source};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, OrganisationId, TenantId};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use std::fmt;
use std::str::FromStr;

/// Who finds an app.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ListingState {
    /// Whoever makes it, and nobody else.
    Development,
    /// The same, while the operator looks at it.
    Submitted,
    /// Every merchant.
    Published,
}

impl ListingState {
    const ALL: [Self; 3] = [Self::Development, Self::Submitted, Self::Published];

    /// What it is stored and sent as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Submitted => "submitted",
            Self::Published => "published",
        }
    }
}

impl fmt::Display for ListingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no state of an app")]
pub struct InvalidListingState;

impl FromStr for ListingState {
    type Err = InvalidListingState;

    fn from_str(text: &str) -> Result<Self, InvalidListingState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(InvalidListingState)
    }
}

/// What an app says of itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listing {
    /// Which app.
    pub app: App,
    /// Its manifest, as it was accepted; none while it has none.
    pub manifest: Option<String>,
    /// Who finds it.
    pub state: ListingState,
}

/// An app at a tenant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InstalledApp {
    /// What it says of itself.
    pub listing: Listing,
    /// What lets it act there.
    pub installation: Installation,
}

pub(crate) const OF_APP: &str =
    "SELECT a.id, a.organisation_id, a.technical_name, a.name, a.scopes, l.manifest, l.state
     FROM apps a LEFT JOIN listings l ON l.app_id = a.id WHERE a.id = $1";
/// An app that nothing is known of but its name is in no list.
pub(crate) const OFFERED: &str =
    "SELECT a.id, a.organisation_id, a.technical_name, a.name, a.scopes, l.manifest, l.state
     FROM listings l JOIN apps a ON a.id = l.app_id
     WHERE (l.state = 'published' OR a.organisation_id = $1) AND l.app_id > $2 AND a.shut_out_at IS NULL ORDER BY l.app_id LIMIT $3";
pub(crate) const IN_STATE: &str =
    "SELECT a.id, a.organisation_id, a.technical_name, a.name, a.scopes, l.manifest, l.state
     FROM listings l JOIN apps a ON a.id = l.app_id
     WHERE l.state = $1 AND l.app_id > $2 ORDER BY l.app_id LIMIT $3";
pub(crate) const IN_STATE_NAMED: &str =
    "SELECT a.id, a.organisation_id, a.technical_name, a.name, a.scopes, l.manifest, l.state
     FROM listings l JOIN apps a ON a.id = l.app_id
     WHERE l.state = $1 AND l.app_id > $2 AND a.sought LIKE $4 ESCAPE '!' ORDER BY l.app_id LIMIT $3";
pub(crate) const AT_TENANT: &str =
    "SELECT a.id, a.organisation_id, a.technical_name, a.name, a.scopes, l.manifest, l.state,
            i.granted_scopes, i.consented_at, i.activated_at
     FROM installations i JOIN apps a ON a.id = i.app_id LEFT JOIN listings l ON l.app_id = a.id
     WHERE i.tenant_id = $1 AND i.app_id > $2 AND i.removed_at IS NULL
       AND (i.activated_at IS NOT NULL OR i.consented_at > $3)
     ORDER BY i.app_id LIMIT $4";

impl Store {
    /// What an app says of itself from now on, and with it what it is called and asks for, and where its pages are. Its
    /// tokens that are out keep their scopes. Gives what other nodes hear of; `None` when there is no such app.
    pub async fn describe_app(
        &self,
        id: AppId,
        manifest: &str,
        (name, scopes): (&str, &ScopeSet),
        write: impl Into<Write<'_>>,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let update =
            "UPDATE apps SET name = $2, scopes = $3, sought = $4 || LOWER(technical_name) WHERE id = $1";
        let update = sqlx::query(update)
            .bind(id.to_string())
            .bind(name)
            .bind(scopes.to_string())
            .bind(apps::sought(name, ""));
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let have_moved = put(&mut transaction, id, manifest, write.now).await?;
        write.audit(&mut transaction).await?;
        let mut changes = apps::clients_changed(&mut transaction, id, write.now).await?;
        changes.extend(origins::tell(&mut transaction, have_moved, write.now).await?);
        transaction.commit().await?;
        Ok(Some(changes))
    }

    /// Who finds an app from now on. Says whether that is something new: not for an app without a manifest.
    pub async fn list_app(
        &self,
        id: AppId,
        state: ListingState,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let update = "UPDATE listings SET state = $2, changed_at = $3 WHERE app_id = $1 AND state <> $2";
        let update = sqlx::query(update).bind(id.to_string()).bind(state.as_str()).bind(write.now.millis());
        self.run_audited(update, write).await
    }

    /// The same, if it is where it was thought to be. Says whether it was.
    pub async fn move_listing(
        &self,
        id: AppId,
        (from, to): (ListingState, ListingState),
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let update = "UPDATE listings SET state = $3, changed_at = $4 WHERE app_id = $1 AND state = $2";
        let update = sqlx::query(update).bind(id.to_string()).bind(from.as_str()).bind(to.as_str());
        self.run_audited(update.bind(write.now.millis()), write).await
    }

    /// What an app says of itself.
    pub async fn listing(&self, id: AppId) -> Result<Option<Listing>, StoreError> {
        self.db.first(sqlx::query(OF_APP).bind(id.to_string())).await?.as_ref().map(listing).transpose()
    }

    /// A page of the apps that a merchant finds, by id: what is published, and what it makes itself.
    pub async fn offered_apps(
        &self,
        merchant: OrganisationId,
        page: &Page<AppId>,
    ) -> Result<Vec<Listing>, StoreError> {
        let select = sqlx::query(OFFERED).bind(merchant.to_string()).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(listing).collect()
    }

    /// A page of the apps that are found by these and in one of whose names this is, by id. What has no manifest is in no such
    /// list.
    pub async fn listings_in(
        &self,
        state: ListingState,
        search: &str,
        page: &Page<AppId>,
    ) -> Result<Vec<Listing>, StoreError> {
        let statement = if search.is_empty() { IN_STATE } else { IN_STATE_NAMED };
        let mut select = sqlx::query(statement).bind(state.as_str()).bind(page.after()).bind(page.rows());
        if !search.is_empty() {
            select = select.bind(pattern(search));
        }
        self.db.all(select).await?.iter().map(listing).collect()
    }

    /// A page of what is installed at a tenant now, by app, and what these say of themselves.
    pub async fn apps_at(
        &self,
        tenant: TenantId,
        page: &Page<AppId>,
        now: UnixTime,
    ) -> Result<Vec<InstalledApp>, StoreError> {
        let select = sqlx::query(AT_TENANT)
            .bind(tenant.to_string())
            .bind(page.after())
            .bind(now.minus(CONSENT_LAPSES_AFTER).millis())
            .bind(page.rows());
        let installed = |row| Ok(InstalledApp { listing: listing(row)?, installation: installation(row)? });
        self.db.all(select).await?.iter().map(installed).collect()
    }
}

/// What an app says of itself from now on. Says whether its pages are elsewhere than before.
pub(crate) async fn put(
    transaction: &mut Transaction<'_, Any>,
    id: AppId,
    manifest: &str,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let upsert = "INSERT INTO listings (app_id, manifest, state, changed_at) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (app_id) DO UPDATE SET manifest = excluded.manifest, changed_at = excluded.changed_at";
    sqlx::query(upsert)
        .bind(id.to_string())
        .bind(manifest)
        .bind(ListingState::Development.as_str())
        .bind(now.millis())
        .execute(&mut **transaction)
        .await?;
    origins::replace(transaction, &Source::App(id), &origins::of_manifest(manifest)).await
}

fn listing(row: &AnyRow) -> Result<Listing, StoreError> {
    let state = row.maybe_text("state")?;
    let state = state.map(|state| state.parse().map_err(|_| StoreError::Inconsistent { column: "state" }));
    Ok(Listing {
        app: apps::app(row)?,
        manifest: row.maybe_text("manifest")?,
        state: state.transpose()?.unwrap_or(ListingState::Development),
    })
}
