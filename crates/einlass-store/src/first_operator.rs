//! The one-time codes with which the first operator gets an admin token or an account: each node that starts makes one,
//! and whichever is used first ends the others. They count while nobody can administer the platform.

use crate::admin_tokens::{self, NewAdminToken};
use crate::memberships;
use crate::people::{self, PasswordHash, Person};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::person::Role;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::{Any, Transaction};

/// How many codes count at once: more than nodes start together.
const MOST_CODES: i64 = 32;

impl Store {
    /// Whether somebody can administer the platform: an admin token with full access works, or the operator has an admin.
    pub async fn has_operator(&self, now: UnixTime) -> Result<bool, StoreError> {
        let select = sqlx::query(
            "SELECT id FROM admin_tokens
             WHERE access = 'full' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
             UNION ALL SELECT person_id FROM memberships WHERE organisation_id = $2 AND role = 'admin' LIMIT 1",
        )
        .bind(now.millis())
        .bind(OrganisationId::OPERATOR.to_string());
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
    /// wrong, expired or used, and for any while somebody can administer the platform.
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
        if !take(&mut transaction, code, write.now).await? {
            return Ok(false);
        }
        admin_tokens::insert(&mut transaction, new, write.now).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Trades a code for an account that is the operator's first admin: all or nothing, and once. Says whether it did, as
    /// [`Self::claim_first_operator`].
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when there is an account of this address; the code can be used again.
    pub async fn claim_first_account(
        &self,
        code: &SecretHash,
        (person, password): (&Person, &PasswordHash),
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        if !take(&mut transaction, code, write.now).await? {
            return Ok(false);
        }
        people::insert(person, password, write.now).execute(&mut *transaction).await?;
        memberships::put(&mut transaction, OrganisationId::OPERATOR, person, Role::Admin, write.now).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Whether a code counts now.
    pub async fn first_operator_code_counts(
        &self,
        code: &SecretHash,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let select = sqlx::query("SELECT hash FROM first_operator_codes WHERE hash = $1 AND expires_at > $2");
        let found = self.db.first(select.bind(code.to_hex()).bind(now.millis())).await?;
        Ok(found.is_some() && !self.has_operator(now).await?)
    }
}

/// Uses up a code and with it all others, unless somebody can administer the platform already.
async fn take(
    transaction: &mut Transaction<'_, Any>,
    code: &SecretHash,
    now: UnixTime,
) -> Result<bool, StoreError> {
    // One claim after another, so that each sees what came of the one before.
    let lock = "UPDATE change_counter SET seq = seq WHERE id = 1";
    sqlx::query(lock).execute(&mut **transaction).await?;
    let delete = sqlx::query(
        "DELETE FROM first_operator_codes WHERE hash = $1 AND expires_at > $2
           AND NOT EXISTS (SELECT 1 FROM admin_tokens
                           WHERE access = 'full' AND revoked_at IS NULL
                             AND (expires_at IS NULL OR expires_at > $2))
           AND NOT EXISTS (SELECT 1 FROM memberships WHERE organisation_id = $3 AND role = 'admin')",
    )
    .bind(code.to_hex())
    .bind(now.millis())
    .bind(OrganisationId::OPERATOR.to_string());
    if delete.execute(&mut **transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM first_operator_codes").execute(&mut **transaction).await?;
    Ok(true)
}
