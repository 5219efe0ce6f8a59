//! Admin tokens: what opens the administration API.

use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use std::fmt;
use std::str::FromStr;

/// What an admin token opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// Everything that only looks.
    Read,
    /// Everything.
    Full,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Full => "full",
        })
    }
}

/// A text that names no access.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("neither `read` nor `full`")]
pub struct InvalidAccess;

impl FromStr for Access {
    type Err = InvalidAccess;

    fn from_str(text: &str) -> Result<Self, InvalidAccess> {
        match text {
            "read" => Ok(Self::Read),
            "full" => Ok(Self::Full),
            _ => Err(InvalidAccess),
        }
    }
}

/// An admin token to be.
#[derive(Clone, Debug)]
pub struct NewAdminToken {
    /// Its id, for the log.
    pub id: CredentialId,
    /// What it is called; unique among those that have not ended.
    pub name: String,
    /// Its hash: the clear token never comes here.
    pub hash: SecretHash,
    /// What it opens.
    pub access: Access,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
}

/// What is known of an admin token, whether it works or not. There is no hash in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AdminToken {
    /// Its id.
    pub id: CredentialId,
    /// What it is called.
    pub name: String,
    /// What it opens.
    pub access: Access,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
    /// When it was ended, if it was. An expired one whose name was given to another ended when it expired.
    pub revoked_at: Option<UnixTime>,
}

impl AdminToken {
    /// Whether it opens anything at this time.
    #[must_use]
    pub fn works_at(&self, now: UnixTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

pub(crate) const BY_HASH: &str = "SELECT id, name, access, created_at, expires_at, revoked_at
     FROM admin_tokens WHERE hash = $1";
pub(crate) const BY_ID: &str = "SELECT id, name, access, created_at, expires_at, revoked_at
     FROM admin_tokens WHERE id = $1";
pub(crate) const BY_NAME: &str = "SELECT id, name, access, created_at, expires_at, revoked_at
     FROM admin_tokens WHERE name = $1 AND revoked_at IS NULL";
pub(crate) const LIST: &str = "SELECT id, name, access, created_at, expires_at, revoked_at
     FROM admin_tokens WHERE id > $1 ORDER BY id LIMIT $2";

impl Store {
    /// Records an admin token. The name of one that has ended is free.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the name is taken.
    pub async fn create_admin_token(
        &self,
        new: &NewAdminToken,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        insert(&mut transaction, new, write.now).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The token of this hash, whether it works or not.
    pub async fn admin_token(&self, hash: &SecretHash) -> Result<Option<AdminToken>, StoreError> {
        self.first_admin_token(sqlx::query(BY_HASH).bind(hash.to_hex())).await
    }

    /// The token of this id, whether it works or not.
    pub async fn admin_token_of_id(&self, id: CredentialId) -> Result<Option<AdminToken>, StoreError> {
        self.first_admin_token(sqlx::query(BY_ID).bind(id.to_string())).await
    }

    /// The token that has this name now.
    pub async fn admin_token_named(&self, name: &str) -> Result<Option<AdminToken>, StoreError> {
        self.first_admin_token(sqlx::query(BY_NAME).bind(name)).await
    }

    async fn first_admin_token(&self, select: Statement<'_>) -> Result<Option<AdminToken>, StoreError> {
        self.db.first(select).await?.as_ref().map(admin_token).transpose()
    }

    /// A page of all admin tokens, by id.
    pub async fn admin_tokens(&self, page: &Page<CredentialId>) -> Result<Vec<AdminToken>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(admin_token).collect()
    }

    /// Ends an admin token. Says whether this call did: `false` for an unknown one and for one that had ended.
    pub async fn revoke_admin_token(
        &self,
        id: CredentialId,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let update =
            sqlx::query("UPDATE admin_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
                .bind(id.to_string())
                .bind(write.now.millis());
        self.run_audited(update, write).await
    }
}

/// Records a token, after taking its name from an expired one.
pub(crate) async fn insert(
    transaction: &mut Transaction<'_, Any>,
    new: &NewAdminToken,
    now: UnixTime,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE admin_tokens SET revoked_at = expires_at
         WHERE name = $1 AND revoked_at IS NULL AND expires_at <= $2",
    )
    .bind(&new.name)
    .bind(now.millis())
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "INSERT INTO admin_tokens (id, name, hash, access, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id.to_string())
    .bind(&new.name)
    .bind(new.hash.to_hex())
    .bind(new.access.to_string())
    .bind(now.millis())
    .bind(new.expires_at.map(UnixTime::millis))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn admin_token(row: &AnyRow) -> Result<AdminToken, StoreError> {
    Ok(AdminToken {
        id: row.parsed("id")?,
        name: row.text("name")?,
        access: row.parsed("access")?,
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}
