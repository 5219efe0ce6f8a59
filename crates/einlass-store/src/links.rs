//! One-time links: what an admin hands on to whoever is invited to an organisation, or has forgotten a password.

use crate::db::ReadColumn;
use crate::memberships;
use crate::people::{self, PasswordHash, Person, end_sessions, set_password};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::{EmailAddress, Role};
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

/// What a link is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkTo {
    /// Becoming a member of an organisation, with an account or, for whoever has none, a new one.
    Join(OrganisationId, Role),
    /// A new password.
    Recover,
}

/// A link that counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    /// Whom it is for.
    pub email: EmailAddress,
    /// What it is for.
    pub to: LinkTo,
    /// When it stops counting.
    pub expires_at: UnixTime,
}

/// Who accepts an invitation.
#[derive(Clone, Copy, Debug)]
pub enum Joining<'a> {
    /// Somebody with an account, who is signed in.
    Known(&'a Person),
    /// Somebody who gets an account by it.
    New(&'a Person, &'a PasswordHash),
}

pub(crate) const BY_HASH: &str =
    "SELECT email, organisation_id, role, expires_at FROM links WHERE hash = $1 AND expires_at > $2";

impl Store {
    /// Makes a link, in place of any other for the same person and purpose.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when there is no such organisation.
    pub async fn make_link(
        &self,
        hash: &SecretHash,
        link: &Link,
        made_by: &str,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let (organisation, role) = match link.to {
            LinkTo::Join(organisation, role) => (Some(organisation.to_string()), role.as_str()),
            LinkTo::Recover => (None, ""),
        };
        let mut transaction = self.db.begin().await?;
        sqlx::query("DELETE FROM links WHERE email = $1 AND COALESCE(organisation_id, '') = $2")
            .bind(link.email.as_str())
            .bind(organisation.clone().unwrap_or_default())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO links (hash, email, organisation_id, role, made_by, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(hash.to_hex())
        .bind(link.email.as_str())
        .bind(organisation)
        .bind(role)
        .bind(made_by)
        .bind(link.expires_at.millis())
        .execute(&mut *transaction)
        .await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The link of this hash, if it counts.
    pub async fn link(&self, hash: &SecretHash, now: UnixTime) -> Result<Option<Link>, StoreError> {
        let select = sqlx::query(BY_HASH).bind(hash.to_hex()).bind(now.millis());
        self.db.first(select).await?.as_ref().map(link).transpose()
    }

    /// Uses up an invitation: account and membership or neither, and once. Says whether it counted for this address.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when there is an account of this address by now; the link can be used again.
    pub async fn accept_invitation(
        &self,
        hash: &SecretHash,
        joining: Joining<'_>,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let (Joining::Known(person) | Joining::New(person, _)) = joining;
        let mut transaction = self.db.begin().await?;
        let used = take(&mut transaction, hash, write.now).await?;
        let Some(Link { email, to: LinkTo::Join(organisation, role), .. }) = used else {
            return Ok(false);
        };
        if email != person.email {
            return Ok(false);
        }
        if let Joining::New(person, password) = joining {
            people::insert(person, password, write.now).execute(&mut *transaction).await?;
        }
        memberships::put(&mut transaction, organisation, person, role, write.now).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses up a link for a new password, and ends every session of its person. Says whether it counted for this person.
    pub async fn recover_account(
        &self,
        hash: &SecretHash,
        person: PersonId,
        password: &PasswordHash,
        write: impl Into<Write<'_>>,
    ) -> Result<bool, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let used = take(&mut transaction, hash, write.now).await?;
        let Some(Link { email, to: LinkTo::Recover, .. }) = used else {
            return Ok(false);
        };
        let of_email = sqlx::query(people::BY_EMAIL).bind(email.as_str());
        let found =
            of_email.fetch_optional(&mut *transaction).await?.as_ref().map(people::person).transpose()?;
        if found.is_none_or(|found| found.id != person) {
            return Ok(false);
        }
        set_password(person, password).execute(&mut *transaction).await?;
        end_sessions(person, None).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn take(
    transaction: &mut Transaction<'_, Any>,
    hash: &SecretHash,
    now: UnixTime,
) -> Result<Option<Link>, StoreError> {
    let delete = "DELETE FROM links WHERE hash = $1 AND expires_at > $2
                  RETURNING email, organisation_id, role, expires_at";
    let delete = sqlx::query(delete).bind(hash.to_hex()).bind(now.millis());
    delete.fetch_optional(&mut **transaction).await?.as_ref().map(link).transpose()
}

fn link(row: &AnyRow) -> Result<Link, StoreError> {
    let is_invitation = row.try_get::<Option<String>, _>("organisation_id")?.is_some();
    let to = if is_invitation {
        LinkTo::Join(row.parsed("organisation_id")?, row.parsed("role")?)
    } else {
        LinkTo::Recover
    };
    Ok(Link { email: row.parsed("email")?, to, expires_at: row.time("expires_at")? })
}
