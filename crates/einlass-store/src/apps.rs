//! Apps.

use crate::changes::{self, Change};
use crate::clients::{self, Client, ClientKind};
use crate::db::ReadColumn;
use crate::memberships::pattern;
use crate::page::Page;
use crate::secrets::{self, NewSecret};
use crate::write::Write;
use crate::{RedirectUris, Store, StoreError, listings, origins, redirects};
use einlass_protocol::ids::{AppId, ClientId, OrganisationId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// An app.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct App {
    /// Its id (`JTL_APP_ID`).
    pub id: AppId,
    /// The partner who made it.
    pub organisation: OrganisationId,
    /// Its name for machines; unique.
    pub technical_name: String,
    /// Its name for people.
    pub name: String,
    /// What its manifest asks for: its tokens never hold more.
    pub scopes: ScopeSet,
}

/// An app to be, with its service client.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// The app.
    pub app: App,
    /// Its client's id; unique.
    pub client_id: ClientId,
    /// How the client's tokens are signed.
    pub algorithm: Algorithm,
    /// The client's first secret, if it is to have one at once.
    pub secret: Option<NewSecret>,
}

pub(crate) const BY_ID: &str =
    "SELECT id, organisation_id, technical_name, name, scopes FROM apps WHERE id = $1";
pub(crate) const BY_NAME: &str =
    "SELECT id, organisation_id, technical_name, name, scopes FROM apps WHERE technical_name = $1";
pub(crate) const LIST: &str = "SELECT id, organisation_id, technical_name, name, scopes
     FROM apps WHERE id > $1 ORDER BY id LIMIT $2";
pub(crate) const OF_ORGANISATION: &str = "SELECT id, organisation_id, technical_name, name, scopes
     FROM apps WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";
pub(crate) const NAMED: &str = "SELECT id, organisation_id, technical_name, name, scopes
     FROM apps WHERE id > $1 AND sought LIKE $3 ESCAPE '!' ORDER BY id LIMIT $2";
pub(crate) const NAMED_OF_ORGANISATION: &str = "SELECT id, organisation_id, technical_name, name, scopes
     FROM apps WHERE organisation_id = $4 AND id > $1 AND sought LIKE $3 ESCAPE '!' ORDER BY id LIMIT $2";

impl Store {
    /// Records an app, its client and the client's secret: all or nothing.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when an id or the technical name is taken,
    /// [`StoreError::MissingReference`] when the organisation is unknown.
    pub async fn register_app(&self, new: &NewApp, write: impl Into<Write<'_>>) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        insert(&mut transaction, new, write.now).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The same for an app that says of itself what it is, with the client through which people sign in, where it has one: all
    /// or nothing. Gives what other nodes hear of.
    ///
    /// # Errors
    /// Those of [`Self::register_app`].
    pub async fn register_described_app(
        &self,
        new: &NewApp,
        manifest: &str,
        sign_in: Option<(&Client, &RedirectUris)>,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        insert(&mut transaction, new, write.now).await?;
        let mut have_moved = listings::put(&mut transaction, new.app.id, manifest, write.now).await?;
        if let Some((client, uris)) = sign_in {
            have_moved |= redirects::put(&mut transaction, client, uris, write.now).await?;
        }
        write.audit(&mut transaction).await?;
        let changes = origins::tell(&mut transaction, have_moved, write.now).await?;
        transaction.commit().await?;
        Ok(changes)
    }

    /// Changes what an app asks for. Its tokens that are out keep theirs. Gives what other nodes hear of: each of its
    /// clients; `None` when there is no such app.
    pub async fn change_app_scopes(
        &self,
        id: AppId,
        scopes: &ScopeSet,
        write: impl Into<Write<'_>>,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let update = sqlx::query("UPDATE apps SET scopes = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(scopes.to_string());
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        write.audit(&mut transaction).await?;
        let changes = clients_changed(&mut transaction, id, write.now).await?;
        transaction.commit().await?;
        Ok(Some(changes))
    }

    /// The app of this id.
    pub async fn app(&self, id: AppId) -> Result<Option<App>, StoreError> {
        self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?.as_ref().map(app).transpose()
    }

    /// The app of this technical name.
    pub async fn app_named(&self, technical_name: &str) -> Result<Option<App>, StoreError> {
        self.db.first(sqlx::query(BY_NAME).bind(technical_name)).await?.as_ref().map(app).transpose()
    }

    /// A page of all apps, by id.
    pub async fn apps(&self, page: &Page<AppId>) -> Result<Vec<App>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(app).collect()
    }

    /// A page of an organisation's apps, by id.
    pub async fn apps_of(
        &self,
        organisation: OrganisationId,
        page: &Page<AppId>,
    ) -> Result<Vec<App>, StoreError> {
        let select = sqlx::query(OF_ORGANISATION).bind(organisation.to_string());
        let select = select.bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(app).collect()
    }

    /// A page of the apps in one of whose names this is, by id: of an organisation, or of all.
    pub async fn apps_named_like(
        &self,
        organisation: Option<OrganisationId>,
        search: &str,
        page: &Page<AppId>,
    ) -> Result<Vec<App>, StoreError> {
        match (organisation, search) {
            (Some(organisation), "") => return self.apps_of(organisation, page).await,
            (None, "") => return self.apps(page).await,
            _ => {}
        }
        let statement = if organisation.is_some() { NAMED_OF_ORGANISATION } else { NAMED };
        let mut select = sqlx::query(statement).bind(page.after()).bind(page.rows()).bind(pattern(search));
        if let Some(organisation) = organisation {
            select = select.bind(organisation.to_string());
        }
        self.db.all(select).await?.iter().map(app).collect()
    }
}

async fn insert(
    transaction: &mut Transaction<'_, Any>,
    NewApp { app, client_id, algorithm, secret }: &NewApp,
    now: UnixTime,
) -> Result<(), StoreError> {
    let kind = ClientKind::Service;
    let client = Client { id: client_id.clone(), app: app.id, algorithm: *algorithm, kind };
    sqlx::query(
        "INSERT INTO apps (id, organisation_id, technical_name, name, scopes, created_at, sought)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(app.id.to_string())
    .bind(app.organisation.to_string())
    .bind(&app.technical_name)
    .bind(&app.name)
    .bind(app.scopes.to_string())
    .bind(now.millis())
    .bind(sought(&app.name, &app.technical_name))
    .execute(&mut **transaction)
    .await?;
    clients::insert(&client, now).execute(&mut **transaction).await?;
    if let Some(secret) = secret {
        secrets::insert(secret, now).execute(&mut **transaction).await?;
    }
    Ok(())
}

/// What an app is searched for by.
pub(crate) fn sought(name: &str, technical_name: &str) -> String {
    format!("{} {}", name.to_lowercase(), technical_name.to_lowercase())
}

/// Records that what is known of each of an app's clients is not what it was.
pub(crate) async fn clients_changed(
    transaction: &mut Transaction<'_, Any>,
    id: AppId,
    now: UnixTime,
) -> Result<Vec<Change>, StoreError> {
    let clients = sqlx::query("SELECT id FROM clients WHERE app_id = $1").bind(id.to_string());
    let mut changes = Vec::new();
    for row in &clients.fetch_all(&mut **transaction).await? {
        let change = Change::Client(row.parsed("id")?);
        changes::record(transaction, &change, now).await?;
        changes.push(change);
    }
    Ok(changes)
}

pub(crate) fn app(row: &AnyRow) -> Result<App, StoreError> {
    Ok(App {
        id: row.parsed("id")?,
        organisation: row.parsed("organisation_id")?,
        technical_name: row.text("technical_name")?,
        name: row.text("name")?,
        scopes: row.parsed("scopes")?,
    })
}
