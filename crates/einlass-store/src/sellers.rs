//! Sellers at channels: the one-time sessions that lead to a link, the links, and what channels are told of them.
//!
//! A session is deleted by what it leads to, in the same transaction, so that the database decides which of many uses
//! is the one.

use crate::db::ReadColumn;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::TenantId;
use einlass_protocol::scx::{AccountId, ChannelName, SellerId};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use uuid::Uuid;

const SIGN_UP: &str = "sign up";
const UPDATE: &str = "update";

/// A session to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The hash of what the URL carries.
    pub hash: SecretHash,
    /// The channel that it leads to.
    pub channel: ChannelName,
    /// The tenant that it is for.
    pub tenant: TenantId,
    /// The link that it changes; `None` to make one.
    pub seller: Option<SellerId>,
    /// When it ends, unused.
    pub expires_at: UnixTime,
}

/// A seller at a channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SellerLink {
    /// What the channel calls it.
    pub seller: SellerId,
    /// Its number at channels.
    pub account: AccountId,
    /// What its company is called; may be empty.
    pub company_name: String,
    /// Whether the platform lets it sell there.
    pub is_active_by_jtl: bool,
    /// Whether the channel does.
    pub is_active_by_channel: bool,
    /// When it was linked.
    pub created_at: UnixTime,
    /// When something of it changed last.
    pub updated_at: UnixTime,
}

/// What became of an attempt to link or change a seller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Linked {
    /// It is done, and the session is used up.
    Done,
    /// There is no such session: it never was, has ended or was used up. Nothing was changed.
    NoSession,
    /// The channel has a seller of this id. Nothing was changed, and the session can be used again.
    Taken,
    /// The seller was unlinked meanwhile. Nothing was changed.
    Unlinked,
}

/// Something that a channel is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChannelEvent {
    /// Its id: a UUID of version 7, so that their order is the order of time.
    pub id: Uuid,
    /// What kind of thing it is, as `Seller:Channel.Unlinked`.
    pub kind: String,
    /// What there is to say, in JSON.
    pub body: String,
    /// When it happened.
    pub created_at: UnixTime,
}

impl Store {
    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when the channel or the tenant is unknown.
    pub async fn open_seller_session(&self, new: &NewSession, now: UnixTime) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        sqlx::query("DELETE FROM seller_sessions WHERE expires_at <= $1")
            .bind(now.millis())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO seller_sessions (hash, purpose, channel, tenant_id, seller_id, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.hash.to_hex())
        .bind(if new.seller.is_some() { UPDATE } else { SIGN_UP })
        .bind(new.channel.as_str())
        .bind(new.tenant.to_string())
        .bind(new.seller.as_ref().map_or("", SellerId::as_str))
        .bind(new.expires_at.millis())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Who signs up by a session of this channel's. It is not used up.
    pub async fn sign_up_session(
        &self,
        channel: &ChannelName,
        session: &SecretHash,
        now: UnixTime,
    ) -> Result<Option<AccountId>, StoreError> {
        let select = sqlx::query(
            "SELECT tenants.jtl_account_id FROM seller_sessions
             JOIN tenants ON tenants.id = seller_sessions.tenant_id
             WHERE seller_sessions.hash = $1 AND seller_sessions.channel = $2
               AND seller_sessions.purpose = 'sign up' AND seller_sessions.expires_at > $3",
        )
        .bind(session.to_hex())
        .bind(channel.as_str())
        .bind(now.millis());
        self.db.first(select).await?.as_ref().map(account).transpose()
    }

    /// Which seller a session of this channel's is to change. It is not used up.
    pub async fn update_session(
        &self,
        channel: &ChannelName,
        session: &SecretHash,
        now: UnixTime,
    ) -> Result<Option<SellerId>, StoreError> {
        let select = sqlx::query(
            "SELECT seller_id FROM seller_sessions
             WHERE hash = $1 AND channel = $2 AND purpose = 'update' AND expires_at > $3",
        )
        .bind(session.to_hex())
        .bind(channel.as_str())
        .bind(now.millis());
        self.db.first(select).await?.map(|row| row.parsed("seller_id")).transpose()
    }

    /// Links a seller to a channel and uses the session up: both or neither.
    pub async fn link_seller(
        &self,
        channel: &ChannelName,
        session: &SecretHash,
        seller: &SellerId,
        company_name: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<Linked, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let Some(used) = use_up(&mut transaction, SIGN_UP, channel, session, write.at()).await? else {
            return Ok(Linked::NoSession);
        };
        let insert = sqlx::query(
            "INSERT INTO seller_links (channel, seller_id, tenant_id, company_name, is_active_by_jtl,
                                       is_active_by_channel, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 1, 1, $5, $5)",
        )
        .bind(channel.as_str())
        .bind(seller.as_str())
        .bind(used.text("tenant_id")?)
        .bind(company_name)
        .bind(write.at().millis());
        match insert.execute(&mut *transaction).await.map_err(StoreError::from) {
            Err(StoreError::AlreadyExists(_)) => return Ok(Linked::Taken),
            outcome => outcome?,
        };
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Linked::Done)
    }

    /// Changes the seller that a session is for and uses the session up: both or neither. Without a company's name the
    /// one before stays.
    pub async fn update_seller(
        &self,
        channel: &ChannelName,
        session: &SecretHash,
        is_active: bool,
        company_name: Option<&str>,
        write: impl Into<Write<'_>>,
    ) -> Result<Linked, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let Some(used) = use_up(&mut transaction, UPDATE, channel, session, write.at()).await? else {
            return Ok(Linked::NoSession);
        };
        let update = sqlx::query(
            "UPDATE seller_links
             SET is_active_by_channel = $4, company_name = COALESCE($5, company_name), updated_at = $6
             WHERE channel = $1 AND seller_id = $2 AND tenant_id = $3",
        )
        .bind(channel.as_str())
        .bind(used.text("seller_id")?)
        .bind(used.text("tenant_id")?)
        .bind(i64::from(is_active))
        .bind(company_name.map(str::to_owned))
        .bind(write.at().millis());
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(Linked::Unlinked);
        }
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Linked::Done)
    }

    /// Ends a link, closes the sessions that would change it, and tells the channel by this event: all of it or nothing.
    /// Says whether this call did.
    pub async fn unlink_seller(
        &self,
        channel: &ChannelName,
        seller: &SellerId,
        event: &ChannelEvent,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let delete = sqlx::query("DELETE FROM seller_links WHERE channel = $1 AND seller_id = $2")
            .bind(channel.as_str())
            .bind(seller.as_str());
        if delete.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM seller_sessions WHERE channel = $1 AND seller_id = $2")
            .bind(channel.as_str())
            .bind(seller.as_str())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO channel_events (id, channel, kind, body, created_at, deliveries)
             VALUES ($1, $2, $3, $4, $5, 0)",
        )
        .bind(event.id.to_string())
        .bind(channel.as_str())
        .bind(&event.kind)
        .bind(&event.body)
        .bind(event.created_at.millis())
        .execute(&mut *transaction)
        .await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A channel's sellers, by id.
    pub async fn sellers_of_channel(&self, channel: &ChannelName) -> Result<Vec<SellerLink>, StoreError> {
        let select = sqlx::query(
            "SELECT seller_links.seller_id, tenants.jtl_account_id, seller_links.company_name,
                    seller_links.is_active_by_jtl, seller_links.is_active_by_channel,
                    seller_links.created_at, seller_links.updated_at
             FROM seller_links JOIN tenants ON tenants.id = seller_links.tenant_id
             WHERE seller_links.channel = $1 ORDER BY seller_links.seller_id",
        )
        .bind(channel.as_str());
        self.db.all(select).await?.iter().map(link).collect()
    }

    /// What a channel calls a tenant: every id that it has there.
    pub async fn seller_ids(
        &self,
        channel: &ChannelName,
        tenant: TenantId,
    ) -> Result<Vec<SellerId>, StoreError> {
        let select = sqlx::query(
            "SELECT seller_id FROM seller_links WHERE tenant_id = $1 AND channel = $2 ORDER BY seller_id",
        )
        .bind(tenant.to_string())
        .bind(channel.as_str());
        self.db.all(select).await?.iter().map(|row| row.parsed("seller_id")).collect()
    }

    /// Hands out a channel's events that it has not acknowledged, the oldest first; each at most `most_times`.
    pub async fn take_channel_events(
        &self,
        channel: &ChannelName,
        limit: u32,
        most_times: u32,
    ) -> Result<Vec<ChannelEvent>, StoreError> {
        let update = sqlx::query(
            "UPDATE channel_events SET deliveries = deliveries + 1
             WHERE id IN (SELECT id FROM channel_events WHERE channel = $1 AND deliveries < $2
                          ORDER BY id LIMIT $3)
             RETURNING id, kind, body, created_at",
        )
        .bind(channel.as_str())
        .bind(i64::from(most_times))
        .bind(i64::from(limit));
        let rows = self.db.all(update).await?;
        let mut events = rows.iter().map(event).collect::<Result<Vec<_>, _>>()?;
        events.sort_by_key(|event| event.id);
        Ok(events)
    }

    /// Forgets events that a channel knows of. Those of others stay.
    pub async fn acknowledge_channel_events(
        &self,
        channel: &ChannelName,
        ids: &[Uuid],
    ) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        for id in ids {
            sqlx::query("DELETE FROM channel_events WHERE channel = $1 AND id = $2")
                .bind(channel.as_str())
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Deletes a session that counts, and gives what it was for.
async fn use_up(
    transaction: &mut Transaction<'_, Any>,
    purpose: &'static str,
    channel: &ChannelName,
    session: &SecretHash,
    now: UnixTime,
) -> Result<Option<AnyRow>, StoreError> {
    let delete = sqlx::query(
        "DELETE FROM seller_sessions
         WHERE hash = $1 AND purpose = $2 AND channel = $3 AND expires_at > $4
         RETURNING tenant_id, seller_id",
    )
    .bind(session.to_hex())
    .bind(purpose)
    .bind(channel.as_str())
    .bind(now.millis());
    Ok(delete.fetch_optional(&mut **transaction).await?)
}

fn account(row: &AnyRow) -> Result<AccountId, StoreError> {
    let number = AccountId::new(row.integer("jtl_account_id")?);
    number.ok_or(StoreError::Inconsistent { column: "jtl_account_id" })
}

fn link(row: &AnyRow) -> Result<SellerLink, StoreError> {
    Ok(SellerLink {
        seller: row.parsed("seller_id")?,
        account: account(row)?,
        company_name: row.text("company_name")?,
        is_active_by_jtl: row.integer("is_active_by_jtl")? != 0,
        is_active_by_channel: row.integer("is_active_by_channel")? != 0,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

fn event(row: &AnyRow) -> Result<ChannelEvent, StoreError> {
    Ok(ChannelEvent {
        id: row.parsed("id")?,
        kind: row.text("kind")?,
        body: row.text("body")?,
        created_at: row.time("created_at")?,
    })
}
