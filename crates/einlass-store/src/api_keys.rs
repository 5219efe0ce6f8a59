//! Keys of on-premise apps: permanent, stored as hashes, one that works a registration.

use crate::db::{ReadColumn, Statement};
use crate::{Store, StoreError};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;

/// What a key opens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiKey {
    /// The registration that it came of.
    pub registration: RegistrationId,
    /// At which database.
    pub database: DatabaseName,
    /// What machines call the app.
    pub app_id: String,
    /// What it may do.
    pub granted: ScopeSet,
    /// Whether the merchant has a licence for apps.
    pub licensed: bool,
}

pub(crate) const BY_HASH: &str = "SELECT r.id, s.database_name, s.licensed, r.app_id, r.granted
     FROM api_keys k JOIN registrations r ON r.id = k.registration_id JOIN sites s ON s.id = r.site_id
     WHERE k.hash = $1 AND k.revoked_at IS NULL AND r.state = 'active'";

impl Store {
    /// The key of this hash, if it works.
    pub async fn api_key(&self, hash: &SecretHash) -> Result<Option<ApiKey>, StoreError> {
        let row = self.db.first(sqlx::query(BY_HASH).bind(hash.to_hex())).await?;
        row.map(|row| {
            Ok(ApiKey {
                registration: row.parsed("id")?,
                database: row.parsed("database_name")?,
                app_id: row.text("app_id")?,
                granted: row.parsed("granted")?,
                licensed: row.integer("licensed")? != 0,
            })
        })
        .transpose()
    }

    /// The key of a registration is used.
    pub async fn use_api_key(&self, registration: RegistrationId, now: UnixTime) -> Result<(), StoreError> {
        let update = "UPDATE api_keys SET last_used_at = $2
                      WHERE registration_id = $1 AND revoked_at IS NULL AND COALESCE(last_used_at, 0) < $2";
        let update = sqlx::query(update).bind(registration.to_string()).bind(now.millis());
        self.db.run(update).await.map(|_| ())
    }
}

pub(crate) fn insert(hash: &SecretHash, registration: RegistrationId, now: UnixTime) -> Statement<'static> {
    sqlx::query("INSERT INTO api_keys (hash, registration_id, created_at) VALUES ($1, $2, $3)")
        .bind(hash.to_hex())
        .bind(registration.to_string())
        .bind(now.millis())
}
