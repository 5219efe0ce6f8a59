//! How a grant goes on: refresh tokens, each of which is followed by one (RFC 6749 §6).

use crate::changes::Change;
use crate::db::{ReadColumn, Statement};
use crate::grants::{self, Granted};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{ClientId, GrantId};
use einlass_protocol::oauth::Generation;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::{Any, Transaction};
use std::time::Duration;

/// What became of a refresh token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Refreshed {
    /// It counted: tokens for this, and the successor.
    Granted(Granted),
    /// It does not count.
    Refused,
    /// It was spent before. The grant ends, and gateways hear of this.
    Replayed(Vec<Change>),
}

const SPENT: &str = "SELECT t.spent_at, s.hash AS waiting FROM grant_tokens t
     LEFT JOIN grant_tokens s ON s.hash = $2 AND s.grant_id = t.grant_id AND s.spent_at IS NULL
     WHERE t.hash = $1";

impl Store {
    /// Spends a refresh token of this client's. `successor`, the same whenever the same token is sent, takes its place, and
    /// expires then. Of many who send it at once all are granted, and there is one successor.
    ///
    /// A token that is spent is granted again for as long as `grace`, while its successor waits to be used: its answer was
    /// lost. Later somebody has it who should not, and nobody knows who that is: the grant ends (RFC 9700 §4.14.2), as
    /// [`Self::end_grant`] does it. The event is written when the grant ends.
    pub async fn refresh(
        &self,
        (token, client, issuer): (&SecretHash, &ClientId, Generation),
        (successor, expires_at): (&SecretHash, UnixTime),
        grace: Duration,
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Refreshed, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let held = grants::hold(&mut transaction, grants::OF_TOKEN, token).await?;
        let Some(held) = held.filter(|held| held.is_of(client, issuer) && !held.has_ended) else {
            return Ok(Refreshed::Refused);
        };
        if spend(token, write.now).execute(&mut *transaction).await?.rows_affected() == 0 {
            return match Spent::read(&mut transaction, token, successor).await? {
                None => Ok(Refreshed::Refused),
                Some(spent) if spent.was_lost(grace, write.now) => Ok(Refreshed::Granted(held.granted)),
                Some(_) => {
                    let changes = held.end(&mut transaction, last_expiry, write).await?;
                    transaction.commit().await?;
                    Ok(Refreshed::Replayed(changes))
                }
            };
        }
        insert((successor, expires_at), held.granted.grant).execute(&mut *transaction).await?;
        held.go_on(&mut transaction, expires_at.max(last_expiry), write.now).await?;
        transaction.commit().await?;
        Ok(Refreshed::Granted(held.granted))
    }
}

/// A token that was spent before.
struct Spent {
    at: UnixTime,
    /// Whether its successor is there, and nobody has used it.
    successor_waits: bool,
}

impl Spent {
    /// `None` when it was not spent, and has expired.
    async fn read(
        transaction: &mut Transaction<'_, Any>,
        token: &SecretHash,
        successor: &SecretHash,
    ) -> Result<Option<Self>, StoreError> {
        let select = sqlx::query(SPENT).bind(token.to_hex()).bind(successor.to_hex());
        let Some(row) = select.fetch_optional(&mut **transaction).await? else { return Ok(None) };
        let successor_waits = row.maybe_text("waiting")?.is_some();
        Ok(row.maybe_time("spent_at")?.map(|at| Self { at, successor_waits }))
    }

    /// Whether only its answer may have been lost.
    fn was_lost(&self, grace: Duration, now: UnixTime) -> bool {
        self.successor_waits && self.at.plus(grace) > now
    }
}

fn spend(token: &SecretHash, now: UnixTime) -> Statement<'static> {
    sqlx::query(
        "UPDATE grant_tokens SET spent_at = $2 WHERE hash = $1 AND spent_at IS NULL AND expires_at > $2",
    )
    .bind(token.to_hex())
    .bind(now.millis())
}

pub(crate) fn insert((token, expires_at): (&SecretHash, UnixTime), grant: GrantId) -> Statement<'static> {
    sqlx::query("INSERT INTO grant_tokens (hash, grant_id, expires_at) VALUES ($1, $2, $3)")
        .bind(token.to_hex())
        .bind(grant.to_string())
        .bind(expires_at.millis())
}
