//! The one-time code with which the first operator gets an admin token. It counts while no admin token with full
//! access works; there is one at most.

use crate::admin_tokens::{self, NewAdminToken};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;

impl Store {
    /// Whether an admin token with full access works now.
    pub async fn has_operator(&self, now: UnixTime) -> Result<bool, StoreError> {
        let select = sqlx::query(
            "SELECT id FROM admin_tokens
             WHERE access = 'full' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1) LIMIT 1",
        )
        .bind(now.millis());
        Ok(self.db.first(select).await?.is_some())
    }

    /// Makes this the code that counts, in place of the one before.
    pub async fn offer_first_operator_code(
        &self,
        hash: &SecretHash,
        expires_at: UnixTime,
    ) -> Result<(), StoreError> {
        let upsert = sqlx::query(
            "INSERT INTO first_operator_code (id, hash, expires_at) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at",
        )
        .bind(hash.to_hex())
        .bind(expires_at.millis());
        self.db.run(upsert).await.map(|_| ())
    }

    /// Trades the code for an admin token: both or neither, and once. Says whether it did: `false` for a code that is
    /// wrong, expired or used, and for any while an admin token with full access works.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the token's name is taken; the code can be used again.
    pub async fn claim_first_operator(
        &self,
        code: &SecretHash,
        new: &NewAdminToken,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // Whoever deletes the row is the one. A code that was made while another one was being claimed can be seen only
        // together with the token of that claim, and then it counts no more.
        let delete = sqlx::query(
            "DELETE FROM first_operator_code WHERE hash = $1 AND expires_at > $2
               AND NOT EXISTS (SELECT 1 FROM admin_tokens
                               WHERE access = 'full' AND revoked_at IS NULL
                                 AND (expires_at IS NULL OR expires_at > $2))",
        )
        .bind(code.to_hex())
        .bind(write.now.millis());
        if delete.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        admin_tokens::insert(&mut transaction, new, write.now).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
