//! Public keys of on-premise apps, by which their signatures are known.

use crate::db::ReadColumn;
use crate::write::Write;
use crate::{Store, StoreError};

pub(crate) const BY_APP: &str = "SELECT app_id, public_key FROM app_keys WHERE app_key = $1";
pub(crate) const LIST: &str =
    "SELECT app_id, public_key FROM app_keys WHERE app_key > $1 ORDER BY app_key LIMIT $2";

impl Store {
    /// Records an app's public key, in place of the one before.
    pub async fn put_app_key(
        &self,
        app_id: &str,
        public_key: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let put = sqlx::query(
            "INSERT INTO app_keys (app_key, app_id, public_key, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (app_key) DO UPDATE SET app_id = excluded.app_id, public_key = excluded.public_key",
        )
        .bind(app_id.to_lowercase())
        .bind(app_id)
        .bind(public_key)
        .bind(write.now.millis());
        self.run_audited(put, write).await.map(|_| ())
    }

    /// The public key of an app, if there is one.
    pub async fn app_key(&self, app_id: &str) -> Result<Option<String>, StoreError> {
        let row = self.db.first(sqlx::query(BY_APP).bind(app_id.to_lowercase())).await?;
        row.map(|row| row.text("public_key")).transpose()
    }

    /// A page of the apps that have one, in the order of the alphabet.
    pub async fn app_keys(&self, after: &str, rows: u16) -> Result<Vec<(String, String)>, StoreError> {
        let select = sqlx::query(LIST).bind(after.to_lowercase()).bind(i64::from(rows));
        let rows = self.db.all(select).await?;
        rows.iter().map(|row| Ok((row.text("app_id")?, row.text("public_key")?))).collect()
    }

    /// Forgets an app's public key. Says whether there was one.
    pub async fn remove_app_key(
        &self,
        app_id: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM app_keys WHERE app_key = $1").bind(app_id.to_lowercase());
        self.run_audited(delete, write.into()).await
    }
}
