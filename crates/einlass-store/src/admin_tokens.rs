//! Admin tokens: what opens the administration API.

use crate::db::ReadColumn;
use crate::{Store, StoreError};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;

/// An admin token to be.
#[derive(Clone, Debug)]
pub struct NewAdminToken {
    /// Its id, for the log.
    pub id: CredentialId,
    /// What it is called; unique.
    pub name: String,
    /// Its hash: the clear token never comes here.
    pub hash: SecretHash,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
}

/// An admin token that works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AdminToken {
    /// Its id.
    pub id: CredentialId,
    /// What it is called.
    pub name: String,
}

impl Store {
    /// Records an admin token.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the name is taken.
    pub async fn create_admin_token(&self, new: &NewAdminToken, now: UnixTime) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO admin_tokens (id, name, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.id.to_string())
        .bind(&new.name)
        .bind(new.hash.to_hex())
        .bind(now.millis())
        .bind(new.expires_at.map(UnixTime::millis));
        self.db.run(insert).await.map(|_| ())
    }

    /// The token of this hash, if it works now.
    pub async fn admin_token(
        &self,
        hash: &SecretHash,
        now: UnixTime,
    ) -> Result<Option<AdminToken>, StoreError> {
        let select = sqlx::query(
            "SELECT id, name FROM admin_tokens
             WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(hash.to_hex())
        .bind(now.millis());
        let Some(row) = self.db.first(select).await? else {
            return Ok(None);
        };
        Ok(Some(AdminToken { id: row.parsed("id")?, name: row.text("name")? }))
    }
}
