//! Admin tokens: what opens the administration API.

use crate::db::ReadColumn;
use crate::page::Page;
use crate::{Store, StoreError};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

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

/// What is known of an admin token, whether it works or not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AdminTokenRecord {
    /// Its id.
    pub id: CredentialId,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
    /// When it was ended, if it was.
    pub revoked_at: Option<UnixTime>,
}

pub(crate) const LIST: &str = "SELECT id, name, created_at, expires_at, revoked_at
     FROM admin_tokens WHERE id > $1 ORDER BY id LIMIT $2";

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

    /// A page of all admin tokens, by id.
    pub async fn admin_tokens(&self, page: &Page<CredentialId>) -> Result<Vec<AdminTokenRecord>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(record).collect()
    }

    /// Ends an admin token. Says whether this call did: `false` for an unknown one and for one that had ended.
    pub async fn revoke_admin_token(&self, id: CredentialId, now: UnixTime) -> Result<bool, StoreError> {
        let update =
            sqlx::query("UPDATE admin_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
                .bind(id.to_string())
                .bind(now.millis());
        Ok(self.db.run(update).await?.rows_affected() == 1)
    }
}

fn record(row: &AnyRow) -> Result<AdminTokenRecord, StoreError> {
    Ok(AdminTokenRecord {
        id: row.parsed("id")?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}
