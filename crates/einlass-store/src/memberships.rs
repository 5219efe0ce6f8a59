//! Memberships: who may do what in which organisation. Every organisation that has an admin keeps one.

use crate::changes::{self, Change};
use crate::db::{ReadColumn, Statement};
use crate::links::Maker;
use crate::page::PageSize;
use crate::people::{self, Person};
use crate::write::Write;
use crate::{Organisation, Store, StoreError};
use einlass_protocol::ids::{OrganisationId, PersonId, TenantId};
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
    /// Whoever wanted it is no admin any more.
    NotAllowed,
}

pub(crate) const LIST: &str = "SELECT p.id, p.email, p.name, m.role, m.created_at
     FROM memberships m JOIN people p ON p.id = m.person_id
     WHERE m.organisation_id = $1 AND m.email > $2 ORDER BY m.email LIMIT $3";
const SEARCH: &str = "SELECT p.id, p.email, p.name, m.role, m.created_at
     FROM memberships m JOIN people p ON p.id = m.person_id
     WHERE m.organisation_id = $1 AND m.email > $2 AND (m.email LIKE $4 ESCAPE '!' OR p.sought LIKE $4 ESCAPE '!')
     ORDER BY m.email LIMIT $3";
pub(crate) const ONE: &str = "SELECT p.id, p.email, p.name, m.role, m.created_at
     FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.organisation_id = $1 AND m.person_id = $2";
pub(crate) const OF_PERSON: &str = "SELECT o.id, o.name, o.kind, m.role
     FROM memberships m JOIN organisations o ON o.id = m.organisation_id WHERE m.person_id = $1 ORDER BY o.name, o.id";
pub(crate) const AT_TENANT: &str = "SELECT m.role FROM tenants t JOIN memberships m
     ON m.organisation_id = t.organisation_id AND m.person_id = $1 WHERE t.id = $2";
pub(crate) const ROLE: &str = "SELECT role FROM memberships WHERE organisation_id = $1 AND person_id = $2";

impl Store {
    /// Makes somebody a member, or a member an admin.
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

    /// A member.
    pub async fn member(
        &self,
        organisation: OrganisationId,
        person: PersonId,
    ) -> Result<Option<Member>, StoreError> {
        let select = sqlx::query(ONE).bind(organisation.to_string()).bind(person.to_string());
        self.db.first(select).await?.as_ref().map(member).transpose()
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

    /// Whether somebody belongs to the merchant of a tenant.
    pub async fn works_at(&self, person: PersonId, tenant: TenantId) -> Result<bool, StoreError> {
        let select = sqlx::query(AT_TENANT).bind(person.to_string()).bind(tenant.to_string());
        Ok(self.db.first(select).await?.is_some())
    }

    /// Changes what a member may do.
    pub async fn change_role(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        role: Role,
        by: Maker,
        write: impl Into<Write<'_>>,
    ) -> Result<Changed, StoreError> {
        let update =
            "UPDATE memberships SET role = $3 WHERE organisation_id = $1 AND person_id = $2 AND role <> $3";
        let update =
            sqlx::query(update).bind(organisation.to_string()).bind(person.to_string()).bind(role.as_str());
        self.unless_nobody_is_left((organisation, person), by, update, write.into()).await
    }

    /// Ends a membership.
    pub async fn remove_member(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        by: Maker,
        write: impl Into<Write<'_>>,
    ) -> Result<Changed, StoreError> {
        let delete = sqlx::query("DELETE FROM memberships WHERE organisation_id = $1 AND person_id = $2")
            .bind(organisation.to_string())
            .bind(person.to_string());
        self.unless_nobody_is_left((organisation, person), by, delete, write.into()).await
    }

    async fn unless_nobody_is_left(
        &self,
        (organisation, person): (OrganisationId, PersonId),
        by: Maker,
        change: Statement<'_>,
        write: Write<'_>,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.db.begin().await?;
        // One change of an organisation's members after another: two admins cannot remove each other at once.
        let lock =
            sqlx::query("UPDATE organisations SET name = name WHERE id = $1").bind(organisation.to_string());
        lock.execute(&mut *transaction).await?;
        if !may_change(&mut transaction, by, organisation, write.now).await? {
            return Ok(Changed::NotAllowed);
        }
        let had_admin = has_admin(&mut transaction, organisation).await?;
        if change.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(Changed::Nothing);
        }
        if had_admin && !has_admin(&mut transaction, organisation).await? {
            return Ok(Changed::LastAdmin);
        }
        end_links(organisation, person).execute(&mut *transaction).await?;
        changes::record(&mut transaction, &Change::Membership(person), write.now).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

/// Whether somebody may change now who is a member. Whoever takes that away from them waits for the same lock.
async fn may_change(
    transaction: &mut Transaction<'_, Any>,
    by: Maker,
    organisation: OrganisationId,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let found = match by {
        Maker::Person(person) => {
            let admin = "SELECT person_id FROM memberships
                         WHERE person_id = $1 AND role = 'admin' AND organisation_id IN ($2, $3) LIMIT 1";
            let operator = OrganisationId::OPERATOR.to_string();
            let admin =
                sqlx::query(admin).bind(person.to_string()).bind(organisation.to_string()).bind(operator);
            admin.fetch_optional(&mut **transaction).await?
        }
        Maker::Token(token) => {
            let works = "SELECT id FROM admin_tokens
                         WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
            let works = sqlx::query(works).bind(token.to_string()).bind(now.millis());
            works.fetch_optional(&mut **transaction).await?
        }
    };
    Ok(found.is_some())
}

async fn has_admin(
    transaction: &mut Transaction<'_, Any>,
    organisation: OrganisationId,
) -> Result<bool, StoreError> {
    let admin = "SELECT person_id FROM memberships WHERE organisation_id = $1 AND role = 'admin' LIMIT 1";
    let admin = sqlx::query(admin).bind(organisation.to_string());
    Ok(admin.fetch_optional(&mut **transaction).await?.is_some())
}

/// Ends the links that somebody has made for an organisation or its members, and those that lead back into it: what
/// somebody may do ends whole.
fn end_links(organisation: OrganisationId, person: PersonId) -> Statement<'static> {
    sqlx::query(
        "DELETE FROM links WHERE (organisation_id = $1 OR organisation_id IS NULL)
           AND (made_by = $2 OR email = (SELECT email FROM people WHERE id = $2))",
    )
    .bind(organisation.to_string())
    .bind(person.to_string())
}

/// Makes somebody a member, or a member an admin; never less than that. What an admin of another organisation could do
/// with the account ends here.
pub(crate) async fn put(
    transaction: &mut Transaction<'_, Any>,
    organisation: OrganisationId,
    person: &Person,
    role: Role,
    now: UnixTime,
) -> Result<(), StoreError> {
    people::hold(person.id).execute(&mut **transaction).await?;
    people::end_recoveries(person.id).execute(&mut **transaction).await?;
    sqlx::query(
        "INSERT INTO memberships (organisation_id, person_id, email, role, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organisation_id, person_id) DO UPDATE SET role = excluded.role
             WHERE excluded.role = 'admin'",
    )
    .bind(organisation.to_string())
    .bind(person.id.to_string())
    .bind(person.email.as_str())
    .bind(role.as_str())
    .bind(now.millis())
    .execute(&mut **transaction)
    .await?;
    changes::record(transaction, &Change::Membership(person.id), now).await?;
    Ok(())
}

/// What contains a text, in lower case.
pub(crate) fn pattern(search: &str) -> String {
    let literal = search.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

fn member(row: &AnyRow) -> Result<Member, StoreError> {
    Ok(Member { person: people::person(row)?, role: row.parsed("role")?, since: row.time("created_at")? })
}
