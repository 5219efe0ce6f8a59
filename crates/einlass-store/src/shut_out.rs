//! Apps and channels that an operator has shut out: until they are let in again nothing that they bring counts, whatever they are
//! given meanwhile. They are shut out by a revocation, in its transaction.

use crate::changes::Change;
use crate::db::ReadColumn;
use crate::write::Write;
use crate::{Store, StoreError, apps};
use einlass_protocol::ids::AppId;
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::UnixTime;
use sqlx::{Any, Transaction};

pub(crate) const APP: &str = "SELECT shut_out_at FROM apps WHERE id = $1";
pub(crate) const CHANNEL: &str = "SELECT shut_out_at FROM channels WHERE name = $1";

impl Store {
    /// Since when an app is shut out, if it is.
    pub async fn app_shut_out_at(&self, id: AppId) -> Result<Option<UnixTime>, StoreError> {
        self.shut_out_at(APP, id.to_string()).await
    }

    /// Since when a channel is shut out, if it is.
    pub async fn channel_shut_out_at(&self, name: &ChannelName) -> Result<Option<UnixTime>, StoreError> {
        self.shut_out_at(CHANNEL, name.to_string()).await
    }

    async fn shut_out_at(&self, select: &'static str, of: String) -> Result<Option<UnixTime>, StoreError> {
        let row = self.db.first(sqlx::query(select).bind(of)).await?;
        row.map_or(Ok(None), |row| row.maybe_time("shut_out_at"))
    }

    /// Lets an app in again: its installations count as they did, and so does what it was given since it was shut out. Gives what
    /// other nodes hear of; `None` when it was not shut out.
    pub async fn readmit_app(
        &self,
        id: AppId,
        write: impl Into<Write<'_>>,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let update = "UPDATE apps SET shut_out_at = NULL WHERE id = $1 AND shut_out_at IS NOT NULL";
        let update = sqlx::query(update).bind(id.to_string());
        if update.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        write.audit(&mut transaction).await?;
        let changes = apps::clients_changed(&mut transaction, id, write.now).await?;
        transaction.commit().await?;
        Ok(Some(changes))
    }

    /// Lets a channel in again: refresh tokens that it was given since then count. Says whether it was shut out.
    pub async fn readmit_channel(
        &self,
        name: &ChannelName,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let update = "UPDATE channels SET shut_out_at = NULL WHERE name = $1 AND shut_out_at IS NOT NULL";
        self.run_audited(sqlx::query(update).bind(name.as_str()), write.into()).await
    }
}

/// Shuts an app out. Says whether that is something new. Whoever does holds its row already.
pub(crate) async fn app(
    transaction: &mut Transaction<'_, Any>,
    id: AppId,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let update = "UPDATE apps SET shut_out_at = $2 WHERE id = $1 AND shut_out_at IS NULL";
    let update = sqlx::query(update).bind(id.to_string()).bind(now.millis());
    Ok(update.execute(&mut **transaction).await?.rows_affected() > 0)
}

/// The same of a channel.
pub(crate) async fn channel(
    transaction: &mut Transaction<'_, Any>,
    name: &ChannelName,
    now: UnixTime,
) -> Result<(), StoreError> {
    let update = "UPDATE channels SET shut_out_at = $2 WHERE name = $1 AND shut_out_at IS NULL";
    let update = sqlx::query(update).bind(name.as_str()).bind(now.millis());
    update.execute(&mut **transaction).await?;
    Ok(())
}
