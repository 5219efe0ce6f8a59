//! How a session at the identity provider opens a surface: a code for its client, once, which becomes a session there.

use crate::db::ReadColumn;
use crate::people::{self, Person};
use crate::sessions::{PersonSession, session};
use crate::{Store, StoreError};
use einlass_protocol::ids::SessionId;
use einlass_protocol::oauth::{CodeChallenge, CodeVerifier, FirstParty};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::{Any, Transaction};

/// How many codes a session may have at once; the oldest give way.
const MOST_CODES: i64 = 16;

/// A code to be.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// Its hash.
    pub hash: SecretHash,
    /// For which client.
    pub client: FirstParty,
    /// Of what the client keeps to itself.
    pub challenge: CodeChallenge,
    /// Whose session it passes on.
    pub session: SessionId,
    /// When it stops counting.
    pub expires_at: UnixTime,
}

pub(crate) const BY_HASH: &str =
    "SELECT s.id AS session_id, s.created_at, s.proved_at, s.seen_at, s.expires_at,
            s.address, s.agent, p.id, p.email, p.name
     FROM surface_sessions u JOIN sessions s ON s.id = u.session_id JOIN people p ON p.id = s.person_id
     WHERE u.hash = $1 AND u.client = $2 AND s.expires_at > $3 AND s.seen_at > $4";

impl Store {
    /// Makes a code of a session.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when the session has ended.
    pub async fn issue_code(&self, new: &NewCode) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        sqlx::query(
            "INSERT INTO authorization_codes (hash, client, challenge, session_id, expires_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.hash.to_hex())
        .bind(new.client.client_id())
        .bind(new.challenge.as_str())
        .bind(new.session.to_string())
        .bind(new.expires_at.millis())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM authorization_codes WHERE session_id = $1 AND hash <> $3 AND hash NOT IN
                 (SELECT hash FROM authorization_codes WHERE session_id = $1 ORDER BY expires_at DESC LIMIT $2)",
        )
        .bind(new.session.to_string())
        .bind(MOST_CODES)
        .bind(new.hash.to_hex())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Trades a code for a session at the client's surface, in place of the one that it had of the same session. Says
    /// whether it did. A code counts once, whatever comes of it, and what came of it ends when it is sent again
    /// (RFC 6749 §4.1.2).
    pub async fn consume_code(
        &self,
        code: &SecretHash,
        (client, verifier): (FirstParty, &CodeVerifier),
        surface: &SecretHash,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.db.begin().await?;
        let update = sqlx::query(
            "UPDATE authorization_codes SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2
             RETURNING client, challenge, session_id",
        );
        let update = update.bind(code.to_hex()).bind(now.millis());
        let Some(row) = update.fetch_optional(&mut *transaction).await? else {
            end_what_came_of(&mut transaction, code).await?;
            transaction.commit().await?;
            return Ok(false);
        };
        let (of, challenge): (FirstParty, CodeChallenge) = (row.parsed("client")?, row.parsed("challenge")?);
        let fits = of == client && challenge.is_of(verifier);
        if fits {
            sqlx::query(
                "INSERT INTO surface_sessions (hash, client, session_id, code_hash) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (session_id, client) DO UPDATE SET hash = excluded.hash, code_hash = excluded.code_hash",
            )
            .bind(surface.to_hex())
            .bind(client.client_id())
            .bind(row.text("session_id")?)
            .bind(code.to_hex())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(fits)
    }

    /// The session behind what a browser holds at a surface, and its person, unless it has ended or was not used since
    /// `idle_since`.
    pub async fn surface_session(
        &self,
        client: FirstParty,
        hash: &SecretHash,
        now: UnixTime,
        idle_since: UnixTime,
    ) -> Result<Option<(PersonSession, Person)>, StoreError> {
        let select = sqlx::query(BY_HASH)
            .bind(hash.to_hex())
            .bind(client.client_id())
            .bind(now.millis())
            .bind(idle_since.millis());
        self.db.first(select).await?.map(|row| Ok((session(&row)?, people::person(&row)?))).transpose()
    }
}

async fn end_what_came_of(
    transaction: &mut Transaction<'_, Any>,
    code: &SecretHash,
) -> Result<(), StoreError> {
    let delete = sqlx::query("DELETE FROM surface_sessions WHERE code_hash = $1").bind(code.to_hex());
    delete.execute(&mut **transaction).await?;
    Ok(())
}
