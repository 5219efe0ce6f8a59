//! People: who they are, and the password that proves it.

use crate::db::{ReadColumn, Statement};
use crate::memberships::pattern;
use crate::page::Page;
use crate::write::Write;
use crate::{Change, Store, StoreError, revocations, sessions};
use einlass_protocol::ids::{PersonId, SessionId};
use einlass_protocol::person::EmailAddress;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use std::fmt;

/// Somebody who can sign in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// Who it is.
    pub id: PersonId,
    /// What it signs in with.
    pub email: EmailAddress,
    /// What it is called.
    pub name: String,
}

/// What is kept of a password: a slow, salted hash in the PHC string format. The password itself never comes here.
#[derive(Clone, Eq, PartialEq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a text in the PHC string format.
    #[must_use]
    pub fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[password hash]")
    }
}

pub(crate) const BY_EMAIL: &str = "SELECT id, email, name, password_hash FROM people WHERE email = $1";
pub(crate) const BY_ID: &str = "SELECT id, email, name, password_hash FROM people WHERE id = $1";
pub(crate) const LIST: &str = "SELECT id, email, name FROM people WHERE email > $1 ORDER BY email LIMIT $2";
pub(crate) const SEARCH: &str = "SELECT id, email, name FROM people
     WHERE email > $1 AND (email LIKE $3 ESCAPE '!' OR sought LIKE $3 ESCAPE '!') ORDER BY email LIMIT $2";

impl Store {
    /// Records somebody.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the address or the id is taken.
    pub async fn create_person(
        &self,
        new: &Person,
        password: &PasswordHash,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        self.run_audited(insert(new, password, write.now), write).await.map(|_| ())
    }

    /// This person.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let row = self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(person).transpose()
    }

    /// This person, and what proves it.
    pub async fn person_with_password(
        &self,
        id: PersonId,
    ) -> Result<Option<(Person, PasswordHash)>, StoreError> {
        let row = self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| Ok((person(&row)?, password(&row)?))).transpose()
    }

    /// A page of everybody in whose address or name this is, by address.
    pub async fn people_like(
        &self,
        search: &str,
        page: &Page<EmailAddress>,
    ) -> Result<Vec<Person>, StoreError> {
        let statement = if search.is_empty() { LIST } else { SEARCH };
        let mut select = sqlx::query(statement).bind(page.after()).bind(page.rows());
        if !search.is_empty() {
            select = select.bind(pattern(search));
        }
        self.db.all(select).await?.iter().map(person).collect()
    }

    /// Whoever has this address, and what proves it.
    pub async fn person_to_authenticate(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<(Person, PasswordHash)>, StoreError> {
        let row = self.db.first(sqlx::query(BY_EMAIL).bind(email.as_str())).await?;
        row.map(|row| Ok((person(&row)?, password(&row)?))).transpose()
    }

    /// Changes a password, and ends every session but the one from which that was done, which is known by another secret
    /// from then on, every link for a new one, and all that the person granted, whose tokens are denied until `last_expiry`:
    /// whoever knew the old one is out, and so is what they let in. Gives what other nodes hear of; `None` when that session
    /// has ended, or `proof` is the password no more.
    pub async fn change_password(
        &self,
        id: PersonId,
        (proof, password): (&PasswordHash, &PasswordHash),
        (session, renewed): (SessionId, &SecretHash),
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // Whoever else changes it waits, and does not find what it looked at.
        let hold = sqlx::query("UPDATE people SET name = name WHERE id = $1 AND password_hash = $2");
        let hold = hold.bind(id.to_string()).bind(proof.as_str());
        if hold.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        if sessions::renew(session, renewed).execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        replace_password(&mut transaction, id, password, Some(session)).await?;
        write.audit(&mut transaction).await?;
        let changes = revocations::end_what_acts_for(&mut transaction, id, last_expiry, write.now).await?;
        transaction.commit().await?;
        Ok(Some(changes))
    }
}

pub(crate) fn insert<'q>(new: &'q Person, password: &'q PasswordHash, now: UnixTime) -> Statement<'q> {
    sqlx::query(
        "INSERT INTO people (id, email, name, sought, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id.to_string())
    .bind(new.email.as_str())
    .bind(&new.name)
    .bind(new.name.to_lowercase())
    .bind(password.as_str())
    .bind(now.millis())
}

/// Replaces a password, and ends what the one before may have opened or begun: sessions, links that an admin made,
/// questions for a passkey.
pub(crate) async fn replace_password(
    transaction: &mut Transaction<'_, Any>,
    id: PersonId,
    password: &PasswordHash,
    keep: Option<SessionId>,
) -> Result<(), StoreError> {
    let update = sqlx::query("UPDATE people SET password_hash = $2 WHERE id = $1");
    update.bind(id.to_string()).bind(password.as_str()).execute(&mut **transaction).await?;
    end_sessions(id, keep).execute(&mut **transaction).await?;
    end_recoveries(id).execute(&mut **transaction).await?;
    let questions = sqlx::query("DELETE FROM ceremonies WHERE person_id = $1").bind(id.to_string());
    questions.execute(&mut **transaction).await?;
    Ok(())
}

/// Ends the links with which somebody could choose a new password.
pub(crate) fn end_recoveries(id: PersonId) -> Statement<'static> {
    sqlx::query(
        "DELETE FROM links WHERE organisation_id IS NULL AND email = (SELECT email FROM people WHERE id = $1)",
    )
    .bind(id.to_string())
}

/// From here to the end of the transaction nobody else decides about this person by what it may do or is known by.
pub(crate) fn hold(id: PersonId) -> Statement<'static> {
    sqlx::query("UPDATE people SET name = name WHERE id = $1").bind(id.to_string())
}

pub(crate) fn end_sessions(id: PersonId, keep: Option<SessionId>) -> Statement<'static> {
    sqlx::query("DELETE FROM sessions WHERE person_id = $1 AND id <> $2")
        .bind(id.to_string())
        .bind(keep.map(|keep| keep.to_string()).unwrap_or_default())
}

pub(crate) fn person(row: &AnyRow) -> Result<Person, StoreError> {
    Ok(Person { id: row.parsed("id")?, email: row.parsed("email")?, name: row.text("name")? })
}

fn password(row: &AnyRow) -> Result<PasswordHash, StoreError> {
    row.text("password_hash").map(PasswordHash)
}
