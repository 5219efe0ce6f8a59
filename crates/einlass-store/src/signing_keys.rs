//! Signing keys, sealed under the master key before they come here.

use crate::changes::{self, Change};
use crate::db::{ReadColumn, Statement};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use std::fmt;

/// A signing key at rest.
#[derive(Clone, Eq, PartialEq)]
pub struct SealedKey {
    /// Which key it is.
    pub kid: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// 1 for the first key of an issuer and algorithm, then 2, and so on: no two nodes make the same.
    pub generation: i64,
    /// The private key, sealed, in base64url.
    pub sealed_private: String,
    /// When it was made, and announced.
    pub created_at: UnixTime,
    /// From when it signs, until its successor does.
    pub signs_from: UnixTime,
    /// Since when nothing that it signed counts, if that is so.
    pub distrusted_at: Option<UnixTime>,
}

impl fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} generation {}", self.algorithm, self.kid, self.generation)
    }
}

impl Store {
    /// Records a key unless its issuer, algorithm and generation have one: of two nodes that make the same
    /// generation, one wins. Says whether it was this call.
    pub async fn claim_signing_key(&self, issuer: &str, key: &SealedKey) -> Result<bool, StoreError> {
        self.run_recording(claim(issuer, key), &Change::SigningKeys, key.created_at.into()).await
    }

    /// The same for several keys at once: all of those that are missing, or none.
    pub async fn claim_signing_keys(
        &self,
        issuer: &str,
        keys: &[SealedKey],
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let mut claimed = 0;
        for key in keys {
            claimed += claim(issuer, key).execute(&mut *transaction).await?.rows_affected();
        }
        if claimed > 0 {
            write.audit(&mut transaction).await?;
            changes::record(&mut transaction, &Change::SigningKeys, write.now).await?;
        }
        transaction.commit().await?;
        Ok(claimed > 0)
    }

    /// Ends the trust in a key at once. Where it was the one that signed, its successor signs from now on although
    /// not everybody has seen it announced. Says whether this call did: `false` for an unknown key and for one that
    /// was distrusted already.
    pub async fn distrust_signing_key(
        &self,
        kid: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.db.begin().await?;
        let was_trusted = distrust(&mut transaction, kid, write.into()).await?;
        transaction.commit().await?;
        Ok(was_trusted)
    }

    /// The same for a key that has no successor: this one is recorded with it, or neither is changed. Where another
    /// node has recorded the same generation, that key is the successor.
    pub async fn replace_signing_key(
        &self,
        issuer: &str,
        successor: &SealedKey,
        kid: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.db.begin().await?;
        claim(issuer, successor).execute(&mut *transaction).await?;
        let was_trusted = distrust(&mut transaction, kid, write.into()).await?;
        if was_trusted {
            transaction.commit().await?;
        }
        Ok(was_trusted)
    }

    /// Forgets a key, private half and all.
    pub async fn forget_signing_key(&self, kid: &str, now: UnixTime) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM signing_keys WHERE kid = $1").bind(kid);
        self.run_recording(delete, &Change::SigningKeys, now.into()).await
    }

    /// The keys of an issuer, the newest generation first.
    pub async fn signing_keys(&self, issuer: &str) -> Result<Vec<SealedKey>, StoreError> {
        let select = sqlx::query(
            "SELECT kid, algorithm, generation, sealed_private, created_at, signs_from, distrusted_at
             FROM signing_keys WHERE issuer = $1 ORDER BY generation DESC, algorithm",
        )
        .bind(issuer);
        self.db.all(select).await?.iter().map(sealed_key).collect()
    }
}

/// Lets the announced key after this one sign now, unless another trusted one after it signs already.
const SUCCEED_AT_ONCE: &str = "UPDATE signing_keys SET signs_from = $2
     WHERE signs_from > $2 AND distrusted_at IS NULL
       AND EXISTS (SELECT 1 FROM signing_keys AS gone
                   WHERE gone.kid = $1 AND gone.signs_from <= $2
                     AND gone.issuer = signing_keys.issuer AND gone.algorithm = signing_keys.algorithm
                     AND gone.generation < signing_keys.generation)
       AND NOT EXISTS (SELECT 1 FROM signing_keys AS other, signing_keys AS gone
                       WHERE gone.kid = $1 AND other.issuer = gone.issuer AND other.algorithm = gone.algorithm
                         AND other.generation > gone.generation AND other.signs_from <= $2
                         AND other.distrusted_at IS NULL)";

/// Distrusts a key and lets its successor sign. Says whether it was trusted.
async fn distrust(
    transaction: &mut Transaction<'_, Any>,
    kid: &str,
    write: Write<'_>,
) -> Result<bool, StoreError> {
    let update =
        sqlx::query("UPDATE signing_keys SET distrusted_at = $2 WHERE kid = $1 AND distrusted_at IS NULL")
            .bind(kid)
            .bind(write.now.millis());
    if update.execute(&mut **transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(SUCCEED_AT_ONCE).bind(kid).bind(write.now.millis()).execute(&mut **transaction).await?;
    write.audit(transaction).await?;
    changes::record(transaction, &Change::SigningKeys, write.now).await?;
    Ok(true)
}

fn claim<'q>(issuer: &'q str, key: &'q SealedKey) -> Statement<'q> {
    sqlx::query(
        "INSERT INTO signing_keys (kid, issuer, algorithm, generation, sealed_private, created_at, signs_from)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (issuer, algorithm, generation) DO NOTHING",
    )
    .bind(&key.kid)
    .bind(issuer)
    .bind(key.algorithm.as_str())
    .bind(key.generation)
    .bind(&key.sealed_private)
    .bind(key.created_at.millis())
    .bind(key.signs_from.millis())
}

fn sealed_key(row: &AnyRow) -> Result<SealedKey, StoreError> {
    Ok(SealedKey {
        kid: row.text("kid")?,
        algorithm: Algorithm::from_name(&row.text("algorithm")?)
            .ok_or(StoreError::Inconsistent { column: "algorithm" })?,
        generation: row.integer("generation")?,
        sealed_private: row.text("sealed_private")?,
        created_at: UnixTime::from_millis(row.integer("created_at")?),
        signs_from: UnixTime::from_millis(row.integer("signs_from")?),
        distrusted_at: row.maybe_integer("distrusted_at")?.map(UnixTime::from_millis),
    })
}
