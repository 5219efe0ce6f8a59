//! Apps, and the clients through which they act.

use crate::db::ReadColumn;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, ClientId, OrganisationId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;

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
}

impl Store {
    /// Records an app and its client: both or neither.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when an id or the technical name is taken,
    /// [`StoreError::MissingReference`] when the organisation is unknown.
    pub async fn register_app(&self, new: &NewApp, now: UnixTime) -> Result<(), StoreError> {
        let NewApp { app, client_id, algorithm } = new;
        let mut transaction = self.db.begin().await?;
        sqlx::query(
            "INSERT INTO apps (id, organisation_id, technical_name, name, scopes, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(app.id.to_string())
        .bind(app.organisation.to_string())
        .bind(&app.technical_name)
        .bind(&app.name)
        .bind(app.scopes.to_string())
        .bind(now.millis())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("INSERT INTO clients (id, app_id, algorithm, created_at) VALUES ($1, $2, $3, $4)")
            .bind(client_id.as_str())
            .bind(app.id.to_string())
            .bind(algorithm.as_str())
            .bind(now.millis())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The app of this id.
    pub async fn app(&self, id: AppId) -> Result<Option<App>, StoreError> {
        let select =
            sqlx::query("SELECT id, organisation_id, technical_name, name, scopes FROM apps WHERE id = $1")
                .bind(id.to_string());
        let Some(row) = self.db.first(select).await? else {
            return Ok(None);
        };
        Ok(Some(App {
            id: row.parsed("id")?,
            organisation: row.parsed("organisation_id")?,
            technical_name: row.text("technical_name")?,
            name: row.text("name")?,
            scopes: row.parsed("scopes")?,
        }))
    }
}
