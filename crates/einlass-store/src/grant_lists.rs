//! What there is of what people granted: for themselves, for operators, and for whoever brings a code or a refresh token,
//! before anything is held.

use crate::db::ReadColumn;
use crate::page::Page;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, ClientId, GrantId, PersonId};
use einlass_protocol::oauth::Generation;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;

/// A grant in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedGrant {
    /// Its id.
    pub id: GrantId,
    /// For whom.
    pub person: PersonId,
    /// Who acts.
    pub client: ClientId,
    /// The app that it belongs to.
    pub app: AppId,
    /// Which of the issuers it was said at.
    pub issuer: Generation,
    /// What people call the app that acts through it.
    pub app_name: String,
    /// What it may do.
    pub scope: ScopeSet,
    /// When the person said so.
    pub granted_at: UnixTime,
    /// When it last led to tokens.
    pub last_used_at: Option<UnixTime>,
}

/// Whose grants to list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GrantFilter {
    /// What this person granted.
    OfPerson(PersonId),
    /// What this client was granted.
    OfClient(ClientId),
}

/// A grant that goes on, as it is found by what its client brings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SeenGrant {
    /// Its id.
    pub id: GrantId,
    /// For whom.
    pub person: PersonId,
    /// What it may do.
    pub scope: ScopeSet,
    /// When the person said so.
    pub granted_at: UnixTime,
}

/// What a client asks for again.
#[derive(Clone, Copy, Debug)]
pub struct GrantWish<'a> {
    /// What it wants to do.
    pub scope: &'a ScopeSet,
    /// Whether it wants to be told who the person is.
    pub openid: bool,
    /// Whether it is to go on when the person is away.
    pub offline: bool,
}

/// What works, of which a code was traded and something is left. A page begins behind $2, the newest first.
macro_rules! list {
    ($of:literal) => {
        concat!(
            "SELECT g.id, g.person_id, g.client_id, g.issuer, c.app_id, a.name, g.scope, g.granted_at, g.last_used_at
             FROM grants g JOIN clients c ON c.id = g.client_id JOIN apps a ON a.id = c.app_id
             WHERE g.",
            $of,
            " = $1 AND g.id < $2 AND g.ended_at IS NULL AND g.last_used_at IS NOT NULL AND g.expires_at > $3
             ORDER BY g.id DESC LIMIT $4"
        )
    };
}

pub(crate) const OF_PERSON: &str = list!("person_id");
pub(crate) const OF_CLIENT: &str = list!("client_id");

pub(crate) const BY_ID: &str =
    "SELECT g.id, g.person_id, g.client_id, g.issuer, c.app_id, a.name, g.scope, g.granted_at, g.last_used_at
     FROM grants g JOIN clients c ON c.id = g.client_id JOIN apps a ON a.id = c.app_id
     WHERE g.id = $1 AND g.ended_at IS NULL";

macro_rules! seen {
    ($table:literal) => {
        concat!(
            "SELECT g.id, g.person_id, g.scope, g.granted_at FROM ",
            $table,
            " t JOIN grants g ON g.id = t.grant_id
             WHERE t.hash = $1 AND g.client_id = $2 AND g.issuer = $3 AND g.ended_at IS NULL"
        )
    };
}

pub(crate) const BY_CODE: &str = seen!("grant_codes");
pub(crate) const BY_TOKEN: &str = seen!("grant_tokens");

pub(crate) const TOKEN_OF_ANY: &str =
    "SELECT g.client_id FROM grant_tokens t JOIN grants g ON g.id = t.grant_id
     WHERE t.hash = $1 AND g.issuer = $2 AND g.ended_at IS NULL";

/// Those of a client that work, and what renews them, if something does.
const COVERING: &str = "SELECT g.scope, g.openid, t.hash AS renewed_by
     FROM grants g LEFT JOIN grant_tokens t ON t.grant_id = g.id AND t.spent_at IS NULL AND t.expires_at > $4
     WHERE g.person_id = $1 AND g.client_id = $2 AND g.issuer = $3 AND g.ended_at IS NULL
       AND g.last_used_at IS NOT NULL AND g.expires_at > $4";

impl Store {
    /// A page of the grants that work, the newest first.
    pub async fn grants(
        &self,
        filter: &GrantFilter,
        page: &Page<GrantId>,
        now: UnixTime,
    ) -> Result<Vec<ListedGrant>, StoreError> {
        let (statement, of) = match filter {
            GrantFilter::OfPerson(person) => (OF_PERSON, person.to_string()),
            GrantFilter::OfClient(client) => (OF_CLIENT, client.to_string()),
        };
        // No id in lower case is greater.
        let before = page.after.map_or_else(|| "g".to_owned(), |id| id.to_string());
        let select = sqlx::query(statement).bind(of).bind(before).bind(now.millis()).bind(page.rows());
        self.db.all(select).await?.iter().map(listed).collect()
    }

    /// A grant that goes on.
    pub async fn grant_of_id(&self, id: GrantId) -> Result<Option<ListedGrant>, StoreError> {
        let row = self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(listed).transpose()
    }

    /// The grant of this client's, at this issuer, that a code is of, used or not. Anybody may send what was never a code: nothing
    /// is held for it.
    pub async fn grant_of_code(
        &self,
        code: &SecretHash,
        client: (&ClientId, Generation),
    ) -> Result<Option<SeenGrant>, StoreError> {
        self.seen(BY_CODE, code, client).await
    }

    /// The same by a refresh token, spent or not.
    pub async fn grant_of_token(
        &self,
        token: &SecretHash,
        client: (&ClientId, Generation),
    ) -> Result<Option<SeenGrant>, StoreError> {
        self.seen(BY_TOKEN, token, client).await
    }

    /// Whether this is a refresh token of an issuer's, whichever client has it, spent or not, whose grant goes on.
    pub async fn is_refresh_token(&self, token: &SecretHash, issuer: Generation) -> Result<bool, StoreError> {
        let select = sqlx::query(TOKEN_OF_ANY).bind(token.to_hex()).bind(issuer.as_str());
        Ok(self.db.first(select).await?.is_some())
    }

    /// Whether a client has all this from a person already, by one grant that works.
    pub async fn has_granted(
        &self,
        person: PersonId,
        (client, issuer): (&ClientId, Generation),
        wish: GrantWish<'_>,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let select = sqlx::query(COVERING).bind(person.to_string()).bind(client.as_str());
        let select = select.bind(issuer.as_str()).bind(now.millis());
        for row in &self.db.all(select).await? {
            let scope: ScopeSet = row.parsed("scope")?;
            let is_told = !wish.openid || row.integer("openid")? != 0;
            let goes_on = !wish.offline || row.maybe_text("renewed_by")?.is_some();
            if wish.scope.is_subset(&scope) && is_told && goes_on {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn seen(
        &self,
        statement: &'static str,
        hash: &SecretHash,
        (client, issuer): (&ClientId, Generation),
    ) -> Result<Option<SeenGrant>, StoreError> {
        let select = sqlx::query(statement).bind(hash.to_hex()).bind(client.as_str()).bind(issuer.as_str());
        self.db.first(select).await?.as_ref().map(seen).transpose()
    }
}

fn listed(row: &AnyRow) -> Result<ListedGrant, StoreError> {
    Ok(ListedGrant {
        id: row.parsed("id")?,
        person: row.parsed("person_id")?,
        client: row.parsed("client_id")?,
        app: row.parsed("app_id")?,
        issuer: row.parsed("issuer")?,
        app_name: row.text("name")?,
        scope: row.parsed("scope")?,
        granted_at: row.time("granted_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
    })
}

fn seen(row: &AnyRow) -> Result<SeenGrant, StoreError> {
    Ok(SeenGrant {
        id: row.parsed("id")?,
        person: row.parsed("person_id")?,
        scope: row.parsed("scope")?,
        granted_at: row.time("granted_at")?,
    })
}
