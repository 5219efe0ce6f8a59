//! Signing keys, sealed under the master key before they come here.

use crate::db::ReadColumn;
use crate::{Store, StoreError};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
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
    /// When it was made.
    pub created_at: UnixTime,
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
        let insert = sqlx::query(
            "INSERT INTO signing_keys (kid, issuer, algorithm, generation, sealed_private, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (issuer, algorithm, generation) DO NOTHING",
        )
        .bind(&key.kid)
        .bind(issuer)
        .bind(key.algorithm.as_str())
        .bind(key.generation)
        .bind(&key.sealed_private)
        .bind(key.created_at.millis());
        Ok(self.db.run(insert).await?.rows_affected() == 1)
    }

    /// The keys of an issuer, the newest generation first.
    pub async fn signing_keys(&self, issuer: &str) -> Result<Vec<SealedKey>, StoreError> {
        let select = sqlx::query(
            "SELECT kid, algorithm, generation, sealed_private, created_at FROM signing_keys
             WHERE issuer = $1 ORDER BY generation DESC, algorithm",
        )
        .bind(issuer);
        self.db.all(select).await?.iter().map(sealed_key).collect()
    }
}

fn sealed_key(row: &AnyRow) -> Result<SealedKey, StoreError> {
    Ok(SealedKey {
        kid: row.text("kid")?,
        algorithm: Algorithm::from_name(&row.text("algorithm")?)
            .ok_or(StoreError::Inconsistent { column: "algorithm" })?,
        generation: row.integer("generation")?,
        sealed_private: row.text("sealed_private")?,
        created_at: UnixTime::from_millis(row.integer("created_at")?),
    })
}
