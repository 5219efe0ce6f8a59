//! Passkeys, and what was asked of a browser that is to prove that it has one, or to make one.

use crate::db::ReadColumn;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{PasskeyId, PersonId};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

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

    /// Gives a person one more.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when it is somebody's already.
    pub async fn add_passkey(
        &self,
        person: PersonId,
        new: &Passkey,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let insert = sqlx::query(
            "INSERT INTO passkeys (id, person_id, credential_id, name, credential, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.id.to_string())
        .bind(person.to_string())
        .bind(&new.credential_id)
        .bind(&new.name)
        .bind(&new.credential)
        .bind(new.created_at.millis());
        self.run_audited(insert, write.into()).await.map(|_| ())
    }

    /// A passkey of a person was used: `credential` is what is to be kept of it from now on.
    pub async fn use_passkey(
        &self,
        person: PersonId,
        id: PasskeyId,
        credential: &str,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let update =
            "UPDATE passkeys SET credential = $3, last_used_at = $4 WHERE id = $1 AND person_id = $2";
        let update = sqlx::query(update)
            .bind(id.to_string())
            .bind(person.to_string())
            .bind(credential)
            .bind(now.millis());
        self.db.run(update).await.map(|_| ())
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

    /// Remembers what was asked, under the hash of what the answer will bring along.
    pub async fn ask_browser(&self, hash: &SecretHash, ceremony: &Ceremony) -> Result<(), StoreError> {
        let insert = "INSERT INTO ceremonies (hash, person_id, purpose, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert)
            .bind(hash.to_hex())
            .bind(ceremony.person.to_string())
            .bind(&ceremony.purpose)
            .bind(&ceremony.state)
            .bind(ceremony.expires_at.millis());
        self.db.run(insert).await.map(|_| ())
    }

    /// What was asked, once, and in time: an answer counts for one question.
    pub async fn take_answer(
        &self,
        hash: &SecretHash,
        purpose: &str,
        now: UnixTime,
    ) -> Result<Option<Ceremony>, StoreError> {
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
