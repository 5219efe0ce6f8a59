//! Organisations: merchants, partners, the operator.

use crate::db::{ReadColumn, Statement};
use crate::memberships::pattern;
use crate::page::{Page, PageSize};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// An organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organisation {
    /// Who it is.
    pub id: OrganisationId,
    /// What it is called.
    pub name: String,
    /// What it does here.
    pub kind: OrganisationKind,
}

/// Which organisations to list, by name.
#[derive(Clone, Debug)]
pub struct OrganisationFilter {
    /// Whose name contains this; everybody's contains nothing.
    pub search: String,
    /// Behind this one; from the start when there is none.
    pub after: Option<OrganisationId>,
    /// How many.
    pub size: PageSize,
}

pub(crate) const BY_ID: &str = "SELECT id, name, kind FROM organisations WHERE id = $1";
pub(crate) const LIST: &str = "SELECT id, name, kind FROM organisations WHERE id > $1 ORDER BY id LIMIT $2";
pub(crate) const BY_NAME: &str = "SELECT id, name, kind FROM organisations
     WHERE (sought, id) > ((SELECT sought FROM organisations WHERE id = $1), $1) ORDER BY sought, id LIMIT $2";
const FROM_THE_START: &str = "SELECT id, name, kind FROM organisations WHERE id > $1 AND sought LIKE $3 ESCAPE '!' ORDER BY sought, id LIMIT $2";
const SEARCH: &str = "SELECT id, name, kind FROM organisations
     WHERE (sought, id) > ((SELECT sought FROM organisations WHERE id = $1), $1) AND sought LIKE $3 ESCAPE '!'
     ORDER BY sought, id LIMIT $2";

const INSERT: &str =
    "INSERT INTO organisations (id, name, sought, kind, created_at) VALUES ($1, $2, $3, $4, $5)";
const UNLESS_THERE: &str = "INSERT INTO organisations (id, name, sought, kind, created_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";

impl Store {
    /// Records an organisation.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the id is taken.
    pub async fn create_organisation(
        &self,
        new: &Organisation,
        write: impl Into<Write<'_>>,
    ) -> Result<(), StoreError> {
        let write = write.into();
        self.run_audited(insert(new, write.now), write).await.map(|_| ())
    }

    /// Records an organisation unless its id is there already, however many nodes do it at once.
    pub async fn ensure_organisation(&self, new: &Organisation, now: UnixTime) -> Result<(), StoreError> {
        self.db.run(bound(UNLESS_THERE, new, now)).await.map(|_| ())
    }

    /// The organisation of this id.
    pub async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?.as_ref().map(organisation).transpose()
    }

    /// A page of all organisations, by id.
    pub async fn organisations(&self, page: &Page<OrganisationId>) -> Result<Vec<Organisation>, StoreError> {
        let select = sqlx::query(LIST).bind(page.after()).bind(page.rows());
        self.db.all(select).await?.iter().map(organisation).collect()
    }

    /// The organisations that fit, by name.
    pub async fn find_organisations(
        &self,
        filter: &OrganisationFilter,
    ) -> Result<Vec<Organisation>, StoreError> {
        let after = filter.after.map_or_else(String::new, |id| id.to_string());
        let statement = match (filter.after, filter.search.is_empty()) {
            (None, _) => FROM_THE_START,
            (Some(_), true) => BY_NAME,
            (Some(_), false) => SEARCH,
        };
        let mut select = sqlx::query(statement).bind(after).bind(i64::from(filter.size.rows()));
        if statement != BY_NAME {
            select = select.bind(pattern(&filter.search));
        }
        self.db.all(select).await?.iter().map(organisation).collect()
    }
}

pub(crate) fn insert(new: &Organisation, now: UnixTime) -> Statement<'_> {
    bound(INSERT, new, now)
}

fn bound<'q>(insert: &'static str, new: &'q Organisation, now: UnixTime) -> Statement<'q> {
    sqlx::query(insert)
        .bind(new.id.to_string())
        .bind(&new.name)
        .bind(new.name.to_lowercase())
        .bind(new.kind.as_str())
        .bind(now.millis())
}

pub(crate) fn organisation(row: &AnyRow) -> Result<Organisation, StoreError> {
    Ok(Organisation { id: row.parsed("id")?, name: row.text("name")?, kind: row.parsed("kind")? })
}
