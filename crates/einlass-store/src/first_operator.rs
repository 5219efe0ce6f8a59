//! The one-time codes with which the first operator gets an admin token: each node that starts makes one, and whichever
//! is used first ends the others. They count while no admin token with full access works.

use crate::admin_tokens::{self, NewAdminToken};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;

/// How many codes count at once: more than nodes start together.
const MOST_CODES: i64 = 32;

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

    /// Makes this one of the codes that count: one of the last few.
    pub async fn offer_first_operator_code(
        &self,
        hash: &SecretHash,
        expires_at: UnixTime,
    ) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        let insert = sqlx::query("INSERT INTO first_operator_codes (hash, expires_at) VALUES ($1, $2)");
        insert.bind(hash.to_hex()).bind(expires_at.millis()).execute(&mut *transaction).await?;
        sqlx::query(
            "DELETE FROM first_operator_codes WHERE hash NOT IN
                 (SELECT hash FROM first_operator_codes ORDER BY expires_at DESC LIMIT $1)",
        )
        .bind(MOST_CODES)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Trades a code for an admin token: both or neither, and once. Says whether it did: `false` for a code that is
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
        // One claim after another, so that each sees the token of the one before.
        let lock = "UPDATE change_counter SET seq = seq WHERE id = 1";
        sqlx::query(lock).execute(&mut *transaction).await?;
        let delete = sqlx::query(
            "DELETE FROM first_operator_codes WHERE hash = $1 AND expires_at > $2
               AND NOT EXISTS (SELECT 1 FROM admin_tokens
                               WHERE access = 'full' AND revoked_at IS NULL
                                 AND (expires_at IS NULL OR expires_at > $2))",
        )
        .bind(code.to_hex())
        .bind(write.now.millis());
        if delete.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM first_operator_codes").execute(&mut *transaction).await?;
        admin_tokens::insert(&mut transaction, new, write.now).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
