//! Memberships: who may do what in which organisation. Every organisation that has an admin keeps one.

use crate::db::ReadColumn;
use crate::page::PageSize;
use crate::people::{self, Person};
use crate::write::Write;
use crate::{Organisation, Store, StoreError};
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::{EmailAddress, Role};
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// A member of an organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Member {
    /// Who it is.
    pub person: Person,
    /// What it may do.
    pub role: Role,
    /// Since when.
    pub since: UnixTime,
}

/// Which members to list, by address.
#[derive(Clone, Debug)]
pub struct MemberFilter {
    /// Whose address or name contains this; everybody's contains nothing.
    pub search: String,
    /// Behind this one; from the start when there is none.
    pub after: Option<EmailAddress>,
    /// How many.
    pub size: PageSize,
}

/// What became of a change that may have left an organisation without an admin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Changed {
    /// It was made.
    Done,
    /// There is no such member, or it is so already.
    Nothing,
    /// It would have taken the last admin away, and was not made.
    LastAdmin,
}

pub(crate) const LIST: &str = "SELECT p.id, p.email, p.name, m.role, m.created_at
     FROM memberships m JOIN people p ON p.id = m.person_id
     WHERE m.organisation_id = $1 AND m.email > $2 ORDER BY m.email LIMIT $3";
const SEARCH: &str = "SELECT p.id, p.email, p.name, m.role, m.created_at
     FROM memberships m JOIN people p ON p.id = m.person_id
     WHERE m.organisation_id = $1 AND m.email > $2 AND (m.email LIKE $4 ESCAPE '!' OR lower(p.name) LIKE $4 ESCAPE '!')
     ORDER BY m.email LIMIT $3";
pub(crate) const OF_PERSON: &str = "SELECT o.id, o.name, m.role
     FROM memberships m JOIN organisations o ON o.id = m.organisation_id WHERE m.person_id = $1 ORDER BY o.name, o.id";
pub(crate) const ROLE: &str = "SELECT role FROM memberships WHERE organisation_id = $1 AND person_id = $2";

impl Store {
    /// Makes somebody a member, or changes what a member may do.
    pub async fn ensure_member(
        &self,
        organisation: OrganisationId,
        person: &Person,
        role: Role,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        put(&mut transaction, organisation, person, role, write.now).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The members that fit, by address.
    pub async fn members(
        &self,
        organisation: OrganisationId,
        filter: &MemberFilter,
    ) -> Result<Vec<Member>, StoreError> {
        let statement = if filter.search.is_empty() { LIST } else { SEARCH };
        let mut select = sqlx::query(statement)
            .bind(organisation.to_string())
            .bind(filter.after.as_ref().map_or("", EmailAddress::as_str))
            .bind(i64::from(filter.size.rows()));
        if !filter.search.is_empty() {
            select = select.bind(pattern(&filter.search));
        }
        self.db.all(select).await?.iter().map(member).collect()
    }

    /// The organisations in which somebody is a member, by name.
    pub async fn memberships_of(&self, person: PersonId) -> Result<Vec<(Organisation, Role)>, StoreError> {
        let rows = self.db.all(sqlx::query(OF_PERSON).bind(person.to_string())).await?;
        rows.iter().map(|row| Ok((crate::organisations::organisation(row)?, row.parsed("role")?))).collect()
    }

    /// What somebody may do in an organisation.
    pub async fn role_in(
        &self,
        organisation: OrganisationId,
        person: PersonId,
    ) -> Result<Option<Role>, StoreError> {
        let select = sqlx::query(ROLE).bind(organisation.to_string()).bind(person.to_string());
        self.db.first(select).await?.map(|row| row.parsed("role")).transpose()
    }

    /// Changes what a member may do.
    pub async fn change_role(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        role: Role,
        write: impl Into<Write<'_>>,
    ) -> Result<Changed, StoreError> {
        let update =
            "UPDATE memberships SET role = $3 WHERE organisation_id = $1 AND person_id = $2 AND role <> $3";
        let update =
            sqlx::query(update).bind(organisation.to_string()).bind(person.to_string()).bind(role.as_str());
        self.unless_nobody_is_left(organisation, update, write.into()).await
    }

    /// Ends a membership.
    pub async fn remove_member(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        write: impl Into<Write<'_>>,
    ) -> Result<Changed, StoreError> {
        let delete = sqlx::query("DELETE FROM memberships WHERE organisation_id = $1 AND person_id = $2")
            .bind(organisation.to_string())
            .bind(person.to_string());
        self.unless_nobody_is_left(organisation, delete, write.into()).await
    }

    async fn unless_nobody_is_left(
        &self,
        organisation: OrganisationId,
        change: crate::db::Statement<'_>,
        write: Write<'_>,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.db.begin().await?;
        // One change of an organisation's members after another: two admins cannot remove each other at once.
        let lock =
            sqlx::query("UPDATE organisations SET name = name WHERE id = $1").bind(organisation.to_string());
        lock.execute(&mut *transaction).await?;
        if change.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(Changed::Nothing);
        }
        let admin = sqlx::query(
            "SELECT person_id FROM memberships WHERE organisation_id = $1 AND role = 'admin' LIMIT 1",
        )
        .bind(organisation.to_string());
        if admin.fetch_optional(&mut *transaction).await?.is_none() {
            return Ok(Changed::LastAdmin);
        }
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

/// Makes somebody a member. Whoever is one already becomes what is said now.
pub(crate) async fn put(
    transaction: &mut Transaction<'_, Any>,
    organisation: OrganisationId,
    person: &Person,
    role: Role,
    now: UnixTime,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO memberships (organisation_id, person_id, email, role, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organisation_id, person_id) DO UPDATE SET role = excluded.role",
    )
    .bind(organisation.to_string())
    .bind(person.id.to_string())
    .bind(person.email.as_str())
    .bind(role.as_str())
    .bind(now.millis())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// What contains a text, in lower case.
fn pattern(search: &str) -> String {
    let literal = search.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

fn member(row: &AnyRow) -> Result<Member, StoreError> {
    Ok(Member { person: people::person(row)?, role: row.parsed("role")?, since: row.time("created_at")? })
}
