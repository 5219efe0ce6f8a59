//! One-time links: what an admin hands on to whoever is invited to an organisation, or has forgotten a password.

use crate::db::{ReadColumn, Statement};
use crate::memberships;
use crate::people::{self, PasswordHash, Person};
use crate::write::Write;
use crate::{Change, Store, StoreError, revocations};
use einlass_protocol::ids::{CredentialId, OrganisationId, PersonId};
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

/// Who makes a link, or changes who is a member. What they did counts while they may do it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Maker {
    /// An admin of the organisation, or of the operator.
    Person(PersonId),
    /// Whoever holds this admin token.
    Token(CredentialId),
}

/// What became of the wish to let a member choose a new password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Recovery {
    /// The link counts.
    Offered(Link),
    /// There is no such member.
    NoMember,
    /// The member belongs to other organisations too.
    BelongsToOthers,
}

/// Who accepts an invitation.
#[derive(Clone, Copy, Debug)]
pub enum Joining<'a> {
    /// Somebody with an account, who is signed in.
    Known(&'a Person),
    /// Somebody who gets an account by it.
    New(&'a Person, &'a PasswordHash),
}

/// A link that counts: in time ($2), and made by somebody who may do so still. $3 is the operator.
macro_rules! counts {
    () => {
        "hash = $1 AND expires_at > $2
           AND (made_by IS NULL OR EXISTS (
               SELECT 1 FROM memberships m WHERE m.person_id = links.made_by AND m.role = 'admin'
                 AND (m.organisation_id = $3 OR m.organisation_id = links.organisation_id
                      OR (links.organisation_id IS NULL AND EXISTS (
                          SELECT 1 FROM memberships r
                          WHERE r.organisation_id = m.organisation_id AND r.email = links.email)))))
           AND (made_by_token IS NULL OR EXISTS (
               SELECT 1 FROM admin_tokens t WHERE t.id = links.made_by_token AND t.revoked_at IS NULL
                 AND (t.expires_at IS NULL OR t.expires_at > $2)))"
    };
}

pub(crate) const BY_HASH: &str =
    concat!("SELECT email, organisation_id, role, expires_at FROM links WHERE ", counts!());
const TAKE: &str =
    concat!("DELETE FROM links WHERE ", counts!(), " RETURNING email, organisation_id, role, expires_at");

impl Store {
    /// Invites somebody, in place of any invitation there before.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when there is no such organisation.
    pub async fn invite(
        &self,
        hash: &SecretHash,
        invitation: &Link,
        made_by: Option<Maker>,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        insert(hash, invitation, made_by).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Lets a member choose a new password. For `alone`, only one who is a member of nothing else: an account opens all
    /// that its person may do anywhere.
    pub async fn offer_recovery(
        &self,
        hash: &SecretHash,
        (organisation, member, alone): (OrganisationId, PersonId, bool),
        expires_at: UnixTime,
        made_by: Option<Maker>,
        write: impl Into<Write<'_>>,
    ) -> Result<Recovery, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // Whoever makes the person a member elsewhere waits until this is there, and ends it.
        people::hold(member).execute(&mut *transaction).await?;
        let select =
            "SELECT m.organisation_id, p.email FROM memberships m JOIN people p ON p.id = m.person_id
                      WHERE m.person_id = $1";
        let rows = sqlx::query(select).bind(member.to_string()).fetch_all(&mut *transaction).await?;
        let mut of: Vec<OrganisationId> = Vec::new();
        for row in &rows {
            of.push(row.parsed("organisation_id")?);
        }
        let Some(row) = rows.first().filter(|_| of.contains(&organisation)) else {
            return Ok(Recovery::NoMember);
        };
        if alone && of.len() > 1 {
            return Ok(Recovery::BelongsToOthers);
        }
        let link = Link { email: row.parsed("email")?, to: LinkTo::Recover, expires_at };
        insert(hash, &link, made_by).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Recovery::Offered(link))
    }

    /// The link of this hash, if it counts.
    pub async fn link(&self, hash: &SecretHash, now: UnixTime) -> Result<Option<Link>, StoreError> {
        let select = sqlx::query(BY_HASH).bind(hash.to_hex()).bind(now.millis());
        let select = select.bind(OrganisationId::OPERATOR.to_string());
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

    /// Uses up a link for a new password, and ends every session of its person and all that the person granted, whose tokens
    /// are denied until `last_expiry`. Gives what other nodes hear of; `None` when it did not count for this person.
    pub async fn recover_account(
        &self,
        hash: &SecretHash,
        person: PersonId,
        password: &PasswordHash,
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let used = take(&mut transaction, hash, write.now).await?;
        let Some(Link { email, to: LinkTo::Recover, .. }) = used else {
            return Ok(None);
        };
        let of_email = sqlx::query(people::BY_EMAIL).bind(email.as_str());
        let found =
            of_email.fetch_optional(&mut *transaction).await?.as_ref().map(people::person).transpose()?;
        if found.is_none_or(|found| found.id != person) {
            return Ok(None);
        }
        people::replace_password(&mut transaction, person, password, None).await?;
        write.audit(&mut transaction).await?;
        let changes =
            revocations::end_what_acts_for(&mut transaction, person, last_expiry, write.now).await?;
        transaction.commit().await?;
        Ok(Some(changes))
    }
}

/// The newest link for one address and purpose takes the place of the one before.
fn insert<'q>(hash: &SecretHash, link: &'q Link, made_by: Option<Maker>) -> Statement<'q> {
    let (organisation, role) = match link.to {
        LinkTo::Join(organisation, role) => (Some(organisation.to_string()), role.as_str()),
        LinkTo::Recover => (None, ""),
    };
    sqlx::query(
        "INSERT INTO links (hash, email, organisation_id, role, made_by, made_by_token, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (email, COALESCE(organisation_id, '')) DO UPDATE SET
             hash = excluded.hash, role = excluded.role, made_by = excluded.made_by,
             made_by_token = excluded.made_by_token, expires_at = excluded.expires_at",
    )
    .bind(hash.to_hex())
    .bind(link.email.as_str())
    .bind(organisation)
    .bind(role)
    .bind(made_by.and_then(|maker| match maker {
        Maker::Person(person) => Some(person.to_string()),
        Maker::Token(_) => None,
    }))
    .bind(made_by.and_then(|maker| match maker {
        Maker::Token(token) => Some(token.to_string()),
        Maker::Person(_) => None,
    }))
    .bind(link.expires_at.millis())
}

async fn take(
    transaction: &mut Transaction<'_, Any>,
    hash: &SecretHash,
    now: UnixTime,
) -> Result<Option<Link>, StoreError> {
    let delete = sqlx::query(TAKE).bind(hash.to_hex()).bind(now.millis());
    let delete = delete.bind(OrganisationId::OPERATOR.to_string());
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
