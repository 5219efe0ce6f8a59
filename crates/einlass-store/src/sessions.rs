//! Sessions: where people have signed in. The secret that a browser holds is stored as a hash.

use crate::db::{ReadColumn, Statement};
use crate::people::{self, PasswordHash, Person, end_sessions};
use crate::write::Write;
use crate::{Change, Store, StoreError, revocations};
use einlass_protocol::ids::{PersonId, SessionId};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// How many sessions a person may have at once; the oldest gives way.
const MOST: i64 = 50;

/// A session to be.
#[derive(Clone, Debug)]
pub struct NewPersonSession {
    /// Its id.
    pub id: SessionId,
    /// The hash of what the browser holds.
    pub hash: SecretHash,
    /// Whose it is.
    pub person: PersonId,
    /// When it ends, whatever happens.
    pub expires_at: UnixTime,
    /// Where it began.
    pub address: String,
    /// What the browser says it is.
    pub agent: String,
}

/// A session that goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PersonSession {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub created_at: UnixTime,
    /// When its person last proved to be who it is.
    pub proved_at: UnixTime,
    /// When it was last used, to some minutes.
    pub seen_at: UnixTime,
    /// When it ends, whatever happens.
    pub expires_at: UnixTime,
    /// Where it began.
    pub address: String,
    /// What the browser says it is.
    pub agent: String,
}

pub(crate) const BY_HASH: &str = "SELECT s.id AS session_id, s.created_at, s.proved_at, s.seen_at, s.expires_at, s.address, s.agent,
            p.id, p.email, p.name
     FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.hash = $1 AND s.expires_at > $2 AND s.seen_at > $3";
pub(crate) const OF_PERSON: &str =
    "SELECT id AS session_id, created_at, proved_at, seen_at, expires_at, address, agent
     FROM sessions WHERE person_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY id DESC";

impl Store {
    /// Begins a session, whose person has just proved to be who it is, in place of `instead`: what a browser held before
    /// it signed in opens nothing afterwards. Says whether `proof` still is the person's password: it may have been changed
    /// since it was looked at.
    pub async fn begin_session(
        &self,
        new: &NewPersonSession,
        instead: Option<&SecretHash>,
        proof: &PasswordHash,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // Whoever changes the password waits until the session is there, and ends it.
        let hold = sqlx::query("UPDATE people SET name = name WHERE id = $1 AND password_hash = $2");
        let hold = hold.bind(new.person.to_string()).bind(proof.as_str());
        if hold.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(instead) = instead {
            let delete = sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(instead.to_hex());
            delete.execute(&mut *transaction).await?;
        }
        sqlx::query(
            "INSERT INTO sessions (id, hash, person_id, created_at, proved_at, seen_at, expires_at, address, agent)
             VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7)",
        )
        .bind(new.id.to_string())
        .bind(new.hash.to_hex())
        .bind(new.person.to_string())
        .bind(write.now.millis())
        .bind(new.expires_at.millis())
        .bind(&new.address)
        .bind(&new.agent)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM sessions WHERE person_id = $1
               AND id NOT IN (SELECT id FROM sessions WHERE person_id = $1 ORDER BY id DESC LIMIT $2)",
        )
        .bind(new.person.to_string())
        .bind(MOST)
        .execute(&mut *transaction)
        .await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The session of this hash and its person, unless it has ended or was not used since `idle_since`.
    pub async fn session(
        &self,
        hash: &SecretHash,
        now: UnixTime,
        idle_since: UnixTime,
    ) -> Result<Option<(PersonSession, Person)>, StoreError> {
        let select = sqlx::query(BY_HASH).bind(hash.to_hex()).bind(now.millis()).bind(idle_since.millis());
        self.db.first(select).await?.map(|row| Ok((session(&row)?, people::person(&row)?))).transpose()
    }

    /// The sessions of a person that go on, the newest first.
    pub async fn sessions_of(
        &self,
        person: PersonId,
        now: UnixTime,
        idle_since: UnixTime,
    ) -> Result<Vec<PersonSession>, StoreError> {
        let select =
            sqlx::query(OF_PERSON).bind(person.to_string()).bind(now.millis()).bind(idle_since.millis());
        self.db.all(select).await?.iter().map(session).collect()
    }

    /// A session is used.
    pub async fn see_session(&self, id: SessionId, now: UnixTime) -> Result<(), StoreError> {
        let update = sqlx::query("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2");
        self.db.run(update.bind(id.to_string()).bind(now.millis())).await.map(|_| ())
    }

    /// A session's person has proved once more to be who it is. The session is known by another secret from then on, and
    /// surfaces have to ask for it again: what somebody copied before is worth nothing. Says whether it goes on.
    pub async fn prove_session(
        &self,
        id: SessionId,
        renewed: &SecretHash,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        if renew(id, renewed).execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let update = sqlx::query("UPDATE sessions SET proved_at = $2, seen_at = $2 WHERE id = $1");
        update.bind(id.to_string()).bind(write.now.millis()).execute(&mut *transaction).await?;
        let surfaces = sqlx::query("DELETE FROM surface_sessions WHERE session_id = $1").bind(id.to_string());
        surfaces.execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends a session of a person. Says whether there was one.
    pub async fn end_session(
        &self,
        person: PersonId,
        id: SessionId,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM sessions WHERE id = $2 AND person_id = $1");
        self.run_audited(delete.bind(person.to_string()).bind(id.to_string()), write.into()).await
    }

    /// Ends all sessions of a person but one, and all that the person granted, whose tokens are denied until `last_expiry`.
    /// Gives what other nodes hear of.
    pub async fn end_other_sessions(
        &self,
        person: PersonId,
        keep: SessionId,
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        people::hold(person).execute(&mut *transaction).await?;
        end_sessions(person, Some(keep)).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        let changes =
            revocations::end_what_acts_for(&mut transaction, person, last_expiry, write.now).await?;
        transaction.commit().await?;
        Ok(changes)
    }

    /// Forgets sessions, links, codes and questions that have ended.
    pub async fn forget_sessions(&self, now: UnixTime) -> Result<(), StoreError> {
        self.db.run(sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now.millis())).await?;
        self.db.run(sqlx::query("DELETE FROM ceremonies WHERE expires_at <= $1").bind(now.millis())).await?;
        let codes = sqlx::query("DELETE FROM authorization_codes WHERE expires_at <= $1").bind(now.millis());
        self.db.run(codes).await?;
        self.db.run(sqlx::query("DELETE FROM links WHERE expires_at <= $1").bind(now.millis())).await?;
        Ok(())
    }
}

/// Gives a session another secret.
pub(crate) fn renew(id: SessionId, hash: &SecretHash) -> Statement<'static> {
    sqlx::query("UPDATE sessions SET hash = $2 WHERE id = $1").bind(id.to_string()).bind(hash.to_hex())
}

pub(crate) fn session(row: &AnyRow) -> Result<PersonSession, StoreError> {
    Ok(PersonSession {
        id: row.parsed("session_id")?,
        created_at: row.time("created_at")?,
        proved_at: row.time("proved_at")?,
        seen_at: row.time("seen_at")?,
        expires_at: row.time("expires_at")?,
        address: row.text("address")?,
        agent: row.text("agent")?,
    })
}
