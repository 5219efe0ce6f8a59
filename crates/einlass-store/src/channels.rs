//! Marketplace channels.

use crate::db::{ReadColumn, Statement};
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::scx::{ChannelName, ScopeWord};
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// A marketplace channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Channel {
    /// What it is called; unique.
    pub name: ChannelName,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What the exchange calls its scope.
    pub scope_word: ScopeWord,
    /// Where sellers sign up; empty while it does not say.
    pub sign_up_url: String,
    /// Where sellers change what they have; empty while it does not say.
    pub update_url: String,
}

pub(crate) const BY_NAME: &str =
    "SELECT name, organisation_id, scope_word, sign_up_url, update_url FROM channels WHERE name = $1";
pub(crate) const LIST: &str = "SELECT name, organisation_id, scope_word, sign_up_url, update_url
     FROM channels WHERE name > $1 ORDER BY name LIMIT $2";
pub(crate) const OF_ORGANISATION: &str = "SELECT name, organisation_id, scope_word, sign_up_url, update_url
     FROM channels WHERE organisation_id = $1 AND name > $2 ORDER BY name LIMIT $3";

impl Store {
    /// Records a channel.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the name is taken, [`StoreError::MissingReference`] when the organisation is
    /// unknown.
    pub async fn create_channel(
        &self,
        channel: &Channel,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        self.run_audited(insert(channel, write.at()), write).await.map(|_| ())
    }

    /// Says where a channel's sellers sign up and change what they have. Says whether there is such a channel.
    pub async fn change_channel_urls(
        &self,
        name: &ChannelName,
        sign_up_url: &str,
        update_url: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let update = sqlx::query("UPDATE channels SET sign_up_url = $2, update_url = $3 WHERE name = $1")
            .bind(name.as_str())
            .bind(sign_up_url)
            .bind(update_url);
        self.run_audited(update, write.into()).await
    }

    /// The channel of this name.
    pub async fn channel(&self, name: &ChannelName) -> Result<Option<Channel>, StoreError> {
        self.db.first(sqlx::query(BY_NAME).bind(name.as_str())).await?.as_ref().map(channel).transpose()
    }

    /// A page of all channels, by name.
    pub async fn channels(&self, page: &Page<ChannelName>) -> Result<Vec<Channel>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(channel).collect()
    }

    /// A page of an organisation's channels, by name.
    pub async fn channels_of(
        &self,
        organisation: OrganisationId,
        page: &Page<ChannelName>,
    ) -> Result<Vec<Channel>, StoreError> {
        let select = sqlx::query(OF_ORGANISATION).bind(organisation.to_string());
        let select = select.bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(channel).collect()
    }
}

fn insert(channel: &Channel, now: UnixTime) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO channels (name, organisation_id, scope_word, sign_up_url, update_url, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(channel.name.as_str())
    .bind(channel.organisation.to_string())
    .bind(channel.scope_word.to_string())
    .bind(&channel.sign_up_url)
    .bind(&channel.update_url)
    .bind(now.millis())
}

fn channel(row: &AnyRow) -> Result<Channel, StoreError> {
    Ok(Channel {
        name: row.parsed("name")?,
        organisation: row.parsed("organisation_id")?,
        scope_word: row.parsed("scope_word")?,
        sign_up_url: row.text("sign_up_url")?,
        update_url: row.text("update_url")?,
    })
}
