//! Refresh tokens of channels and sellers: hashed, several to an owner, so that one can follow another without an
//! outage; and the one-time PINs that sellers trade for theirs.

use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{CredentialId, TenantId};
use einlass_protocol::scx::{AccountId, ChannelName, Party, ScopeWord};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::Row;
use sqlx::any::AnyRow;

/// Whose a refresh token is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenOwner {
    /// A channel's.
    Channel(ChannelName),
    /// A tenant's, which sells.
    Seller(TenantId),
}

/// A refresh token to be.
#[derive(Clone, Debug)]
pub struct NewRefreshToken {
    /// Its id, which what it is exchanged for carries.
    pub id: CredentialId,
    /// Whose it is.
    pub owner: TokenOwner,
    /// What its owner calls it.
    pub name: String,
    /// Its hash: the clear token never comes here.
    pub hash: SecretHash,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
}

/// What is known of a refresh token, whether it works or not. There is no hash in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RefreshToken {
    /// Its id.
    pub id: CredentialId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it stops working, if it does.
    pub expires_at: Option<UnixTime>,
    /// When it was last exchanged, as far as anybody recorded it.
    pub last_used_at: Option<UnixTime>,
    /// When it was ended, if it was.
    pub revoked_at: Option<UnixTime>,
}

/// What a refresh token that works stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exchangeable {
    /// The refresh token.
    pub id: CredentialId,
    /// Whose it is.
    pub party: Party,
    /// What a channel's answer calls its scope.
    pub scope_word: ScopeWord,
}

pub(crate) const OF_CHANNEL: &str = "SELECT id, name, created_at, expires_at, last_used_at, revoked_at
     FROM refresh_tokens WHERE channel = $1 AND id > $2 ORDER BY id LIMIT $3";
pub(crate) const OF_TENANT: &str = "SELECT id, name, created_at, expires_at, last_used_at, revoked_at
     FROM refresh_tokens WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
pub(crate) const BY_ID: &str =
    "SELECT id, channel, tenant_id, name, created_at, expires_at, last_used_at, revoked_at
     FROM refresh_tokens WHERE id = $1";

impl Store {
    /// Gives a channel or a seller one more refresh token.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the id is taken, [`StoreError::MissingReference`] when the owner is unknown.
    pub async fn add_refresh_token(
        &self,
        new: &NewRefreshToken,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        self.run_audited(insert(new, write.at()), write).await.map(|_| ())
    }

    /// What is known of the refresh token of this id, and whose it is.
    pub async fn refresh_token_of_id(
        &self,
        id: CredentialId,
    ) -> Result<Option<(TokenOwner, RefreshToken)>, StoreError> {
        let row = self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| Ok((owner(&row)?, refresh_token(&row)?))).transpose()
    }

    /// A refresh token was exchanged, in this minute: so never before it was made. A later time stays.
    pub async fn use_refresh_token(&self, id: CredentialId, at: UnixTime) -> Result<(), StoreError> {
        let update =
            "UPDATE refresh_tokens SET last_used_at = CASE WHEN created_at > $2 THEN created_at ELSE $2 END
                      WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        let update = sqlx::query(update).bind(id.to_string()).bind(at.millis());
        self.db.run(update).await.map(|_| ())
    }

    /// What the refresh token of this hash stands for, if it works now.
    pub async fn refresh_token(
        &self,
        hash: &SecretHash,
        now: UnixTime,
    ) -> Result<Option<Exchangeable>, StoreError> {
        let select = sqlx::query(
            "SELECT refresh_tokens.id, refresh_tokens.channel, refresh_tokens.tenant_id,
                    channels.scope_word, tenants.jtl_account_id
             FROM refresh_tokens
             LEFT JOIN channels ON channels.name = refresh_tokens.channel
             LEFT JOIN tenants ON tenants.id = refresh_tokens.tenant_id
             WHERE refresh_tokens.hash = $1 AND refresh_tokens.revoked_at IS NULL AND channels.shut_out_at IS NULL
               AND (refresh_tokens.expires_at IS NULL OR refresh_tokens.expires_at > $2)",
        )
        .bind(hash.to_hex())
        .bind(now.millis());
        self.db.first(select).await?.as_ref().map(exchangeable).transpose()
    }

    /// A page of a channel's refresh tokens, by id.
    pub async fn refresh_tokens_of_channel(
        &self,
        channel: &ChannelName,
        page: &Page<CredentialId>,
    ) -> Result<Vec<RefreshToken>, StoreError> {
        let select = sqlx::query(OF_CHANNEL).bind(channel.as_str()).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(refresh_token).collect()
    }

    /// A page of a tenant's refresh tokens, by id.
    pub async fn refresh_tokens_of_tenant(
        &self,
        tenant: TenantId,
        page: &Page<CredentialId>,
    ) -> Result<Vec<RefreshToken>, StoreError> {
        let select = sqlx::query(OF_TENANT).bind(tenant.to_string()).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(refresh_token).collect()
    }

    /// Makes this the one PIN of a tenant that counts, until `expires_at`.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when another tenant has the same one, [`StoreError::MissingReference`] when the
    /// tenant is unknown.
    pub async fn offer_seller_pin(
        &self,
        pin: &SecretHash,
        tenant: TenantId,
        expires_at: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        sqlx::query("DELETE FROM seller_pins WHERE tenant_id = $1 OR expires_at <= $2")
            .bind(tenant.to_string())
            .bind(write.at().millis())
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO seller_pins (hash, tenant_id, expires_at) VALUES ($1, $2, $3)")
            .bind(pin.to_hex())
            .bind(tenant.to_string())
            .bind(expires_at.millis())
            .execute(&mut *transaction)
            .await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Trades a PIN for a refresh token of its tenant's: both or neither, and once. Gives the tenant; `None` for a PIN
    /// that is wrong, expired or used.
    pub async fn redeem_seller_pin(
        &self,
        pin: &SecretHash,
        token: impl FnOnce(TenantId) -> NewRefreshToken,
        write: impl Into<Write<'_>>,
    ) -> Result<Option<TenantId>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let redeemed =
            sqlx::query("DELETE FROM seller_pins WHERE hash = $1 AND expires_at > $2 RETURNING tenant_id")
                .bind(pin.to_hex())
                .bind(write.at().millis())
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(tenant) = redeemed.map(|row| row.parsed("tenant_id")).transpose()? else {
            return Ok(None);
        };
        insert(&token(tenant), write.at()).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Some(tenant))
    }
}

fn insert(new: &NewRefreshToken, now: UnixTime) -> Statement<'static> {
    let (channel, tenant) = match &new.owner {
        TokenOwner::Channel(name) => (Some(name.to_string()), None),
        TokenOwner::Seller(tenant) => (None, Some(tenant.to_string())),
    };
    sqlx::query(
        "INSERT INTO refresh_tokens (id, channel, tenant_id, name, hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id.to_string())
    .bind(channel)
    .bind(tenant)
    .bind(new.name.clone())
    .bind(new.hash.to_hex())
    .bind(now.millis())
    .bind(new.expires_at.map(UnixTime::millis))
}

fn refresh_token(row: &AnyRow) -> Result<RefreshToken, StoreError> {
    Ok(RefreshToken {
        id: row.parsed("id")?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}

fn owner(row: &AnyRow) -> Result<TokenOwner, StoreError> {
    Ok(match row.maybe_text("channel")? {
        Some(_) => TokenOwner::Channel(row.parsed("channel")?),
        None => TokenOwner::Seller(row.parsed("tenant_id")?),
    })
}

fn exchangeable(row: &AnyRow) -> Result<Exchangeable, StoreError> {
    let id = row.parsed("id")?;
    if row.try_get::<Option<String>, _>("channel")?.is_some() {
        let party = Party::Channel(row.parsed("channel")?);
        return Ok(Exchangeable { id, party, scope_word: row.parsed("scope_word")? });
    }
    let account = AccountId::new(row.integer("jtl_account_id")?);
    let account = account.ok_or(StoreError::Inconsistent { column: "jtl_account_id" })?;
    let party = Party::Seller { account, tenant: row.parsed("tenant_id")? };
    Ok(Exchangeable { id, party, scope_word: ScopeWord::default() })
}
