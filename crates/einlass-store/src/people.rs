//! People: who they are, and the password that proves it.

use crate::db::{ReadColumn, Statement};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{PersonId, SessionId};
use einlass_protocol::person::EmailAddress;
use einlass_protocol::time::UnixTime;
use sqlx::Row as _;
use sqlx::any::AnyRow;
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

    /// Whoever has this address, and what proves it.
    pub async fn person_to_authenticate(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<(Person, Option<PasswordHash>)>, StoreError> {
        let row = self.db.first(sqlx::query(BY_EMAIL).bind(email.as_str())).await?;
        row.map(|row| Ok((person(&row)?, password(&row)?))).transpose()
    }

    /// Changes a password, and ends every session but the one from which that was done: whoever knew the old one is out.
    pub async fn change_password(
        &self,
        id: PersonId,
        password: &PasswordHash,
        keep: Option<SessionId>,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        set_password(id, password).execute(&mut *transaction).await?;
        end_sessions(id, keep).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }
}

pub(crate) fn insert<'q>(new: &'q Person, password: &'q PasswordHash, now: UnixTime) -> Statement<'q> {
    sqlx::query("INSERT INTO people (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(new.id.to_string())
        .bind(new.email.as_str())
        .bind(&new.name)
        .bind(password.as_str())
        .bind(now.millis())
}

pub(crate) fn set_password(id: PersonId, password: &PasswordHash) -> Statement<'_> {
    sqlx::query("UPDATE people SET password_hash = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(password.as_str())
}

pub(crate) fn end_sessions(id: PersonId, keep: Option<SessionId>) -> Statement<'static> {
    sqlx::query("DELETE FROM sessions WHERE person_id = $1 AND id <> $2")
        .bind(id.to_string())
        .bind(keep.map(|keep| keep.to_string()).unwrap_or_default())
}

pub(crate) fn person(row: &AnyRow) -> Result<Person, StoreError> {
    Ok(Person { id: row.parsed("id")?, email: row.parsed("email")?, name: row.text("name")? })
}

fn password(row: &AnyRow) -> Result<Option<PasswordHash>, StoreError> {
    Ok(row.try_get::<Option<String>, _>("password_hash")?.map(PasswordHash))
}
