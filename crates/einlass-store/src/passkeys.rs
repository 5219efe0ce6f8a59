//! Passkeys, and what was asked of a browser that is to prove that it has one, or to make one.

use crate::db::ReadColumn;
use crate::people;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{PasskeyId, PersonId, SessionId};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// How many questions a person may have to answer at once; the oldest give way.
const MOST_QUESTIONS: i64 = 16;

/// A passkey.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passkey {
    /// Its id here.
    pub id: PasskeyId,
    /// Its id in the world, in base64url: one passkey is one person's.
    pub credential_id: String,
    /// What its person calls it.
    pub name: String,
    /// Its public half and how often it was used, as whoever checks it writes it.
    pub credential: String,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it was last used, if it was.
    pub last_used_at: Option<UnixTime>,
}

/// Something asked of a browser.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ceremony {
    /// Of whose.
    pub person: PersonId,
    /// What for: an answer to one question is none to another.
    pub purpose: String,
    /// What the answer is held against.
    pub state: String,
    /// When it is too late to answer.
    pub expires_at: UnixTime,
}

pub(crate) const OF_PERSON: &str = "SELECT id, credential_id, name, credential, created_at, last_used_at
     FROM passkeys WHERE person_id = $1 ORDER BY id";

impl Store {
    /// The passkeys of a person, the oldest first.
    pub async fn passkeys_of(&self, person: PersonId) -> Result<Vec<Passkey>, StoreError> {
        let rows = self.db.all(sqlx::query(OF_PERSON).bind(person.to_string())).await?;
        rows.iter().map(passkey).collect()
    }

    /// Gives a person one more, unless it has `most` already, and ends its other sessions: they may have begun without one.
    /// Says whether it did.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when it is somebody's already.
    pub async fn add_passkey(
        &self,
        (person, keep): (PersonId, SessionId),
        new: &Passkey,
        most: usize,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        people::hold(person).execute(&mut *transaction).await?;
        let known = sqlx::query("SELECT id FROM passkeys WHERE person_id = $1").bind(person.to_string());
        if known.fetch_all(&mut *transaction).await?.len() >= most {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO passkeys (id, person_id, credential_id, name, credential, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.id.to_string())
        .bind(person.to_string())
        .bind(&new.credential_id)
        .bind(&new.name)
        .bind(&new.credential)
        .bind(new.created_at.millis())
        .execute(&mut *transaction)
        .await?;
        people::end_sessions(person, Some(keep)).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A passkey of a person was used: `new` is what is to be kept of it from now on. Says whether that counts: `false` when
    /// it was taken away or used meanwhile, and is not `old` any more.
    pub async fn use_passkey(
        &self,
        person: PersonId,
        id: PasskeyId,
        (old, new): (&str, &str),
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let update = "UPDATE passkeys SET credential = $4, last_used_at = $5
                      WHERE id = $1 AND person_id = $2 AND credential = $3";
        let update = sqlx::query(update)
            .bind(id.to_string())
            .bind(person.to_string())
            .bind(old)
            .bind(new)
            .bind(now.millis());
        Ok(self.db.run(update).await?.rows_affected() > 0)
    }

    /// Takes a passkey away from a person. Says whether there was one.
    pub async fn remove_passkey(
        &self,
        person: PersonId,
        id: PasskeyId,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let delete = sqlx::query("DELETE FROM passkeys WHERE id = $1 AND person_id = $2");
        self.run_audited(delete.bind(id.to_string()).bind(person.to_string()), write.into()).await
    }

    /// Remembers what was asked, under the hash of what the answer will bring along. Of a person the last few count.
    pub async fn ask_browser(
        &self,
        hash: &SecretHash,
        ceremony: &Ceremony,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        let insert = "INSERT INTO ceremonies (hash, person_id, purpose, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert)
            .bind(hash.to_hex())
            .bind(ceremony.person.to_string())
            .bind(&ceremony.purpose)
            .bind(&ceremony.state)
            .bind(ceremony.expires_at.millis());
        insert.execute(&mut *transaction).await?;
        sqlx::query(
            "DELETE FROM ceremonies WHERE person_id = $1 AND hash <> $3 AND hash NOT IN
                 (SELECT hash FROM ceremonies WHERE person_id = $1 ORDER BY expires_at DESC LIMIT $2)",
        )
        .bind(ceremony.person.to_string())
        .bind(MOST_QUESTIONS)
        .bind(hash.to_hex())
        .execute(&mut *transaction)
        .await?;
        write.into().audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// What was asked, once, and in time: an answer counts for one question.
    pub async fn take_answer(
        &self,
        hash: &SecretHash,
        purpose: &str,
        now: UnixTime,
    ) -> Result<Option<Ceremony>, StoreError> {
        // Looked at before anything is locked: anybody may send what was never asked.
        let select = "SELECT hash FROM ceremonies WHERE hash = $1 AND purpose = $2 AND expires_at > $3";
        let select = sqlx::query(select).bind(hash.to_hex()).bind(purpose).bind(now.millis());
        if self.db.first(select).await?.is_none() {
            return Ok(None);
        }
        let mut transaction = self.db.begin().await?;
        let delete = "DELETE FROM ceremonies WHERE hash = $1 AND purpose = $2 AND expires_at > $3
                      RETURNING person_id, purpose, state, expires_at";
        let delete = sqlx::query(delete).bind(hash.to_hex()).bind(purpose).bind(now.millis());
        let taken = delete.fetch_optional(&mut *transaction).await?;
        transaction.commit().await?;
        taken.as_ref().map(ceremony).transpose()
    }
}

fn passkey(row: &AnyRow) -> Result<Passkey, StoreError> {
    Ok(Passkey {
        id: row.parsed("id")?,
        credential_id: row.text("credential_id")?,
        name: row.text("name")?,
        credential: row.text("credential")?,
        created_at: row.time("created_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
    })
}

fn ceremony(row: &AnyRow) -> Result<Ceremony, StoreError> {
    Ok(Ceremony {
        person: row.parsed("person_id")?,
        purpose: row.text("purpose")?,
        state: row.text("state")?,
        expires_at: row.time("expires_at")?,
    })
}
