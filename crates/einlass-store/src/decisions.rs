//! What an admin decides about a registration, and how that ends.

use crate::changes::{self, Change};
use crate::db::{ReadColumn, Statement};
use crate::registrations::RegistrationState;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;

impl Store {
    /// The admin says yes, with these scopes, or no. Says whether it was there to be decided.
    pub async fn decide_registration(
        &self,
        id: RegistrationId,
        granted: Option<&ScopeSet>,
        (by, expires_at): (&str, UnixTime),
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let state = if granted.is_some() { RegistrationState::Accepted } else { RegistrationState::Rejected };
        let update = sqlx::query(
            "UPDATE registrations SET state = $2, granted = $3, decided_at = $4, decided_by = $5, expires_at = $6
             WHERE id = $1 AND state = 'pending' AND expires_at > $4",
        )
        .bind(id.to_string())
        .bind(state.as_str())
        .bind(granted.map(ToString::to_string).unwrap_or_default())
        .bind(write.now.millis())
        .bind(by)
        .bind(expires_at.millis());
        self.run_audited(update, write).await
    }

    /// Lets a key be read once more, by the caller that asked for it: the one that was read, and lost on the way, opens
    /// nothing any more. Gives what gateways hear of: nothing when there is no key that was read.
    pub async fn hand_out_again(
        &self,
        id: RegistrationId,
        expires_at: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let update = "UPDATE registrations SET state = 'accepted', expires_at = $2
                      WHERE id = $1 AND state = 'active' RETURNING id";
        self.end_keys(sqlx::query(update).bind(id.to_string()).bind(expires_at.millis()), write.into()).await
    }

    /// Ends a registration and its key, and those of its instances. Gives what gateways hear of: nothing when it had ended
    /// already.
    pub async fn revoke_registration(
        &self,
        id: RegistrationId,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let update = "UPDATE registrations SET state = 'revoked', challenge = '', expires_at = NULL
                      WHERE (id = $1 AND state IN ('accepted', 'active'))
                         OR (instance_of = $1 AND state IN ('pending', 'accepted', 'active')) RETURNING id";
        self.end_keys(sqlx::query(update).bind(id.to_string()), write.into()).await
    }

    async fn end_keys(&self, update: Statement<'_>, write: Write<'_>) -> Result<Vec<Change>, StoreError> {
        let mut transaction = self.db.begin().await?;
        let rows = update.fetch_all(&mut *transaction).await?;
        let mut ended = Vec::new();
        for row in &rows {
            let id: RegistrationId = row.parsed("id")?;
            let end = "UPDATE api_keys SET revoked_at = $2 WHERE registration_id = $1 AND revoked_at IS NULL";
            let end = sqlx::query(end).bind(id.to_string()).bind(write.now.millis());
            end.execute(&mut *transaction).await?;
            let change = Change::Registration(id);
            changes::record(&mut transaction, &change, write.now).await?;
            ended.push(change);
        }
        if !ended.is_empty() {
            write.audit(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(ended)
    }
}
