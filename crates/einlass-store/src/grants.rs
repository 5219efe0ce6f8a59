//! What people let apps' clients do for them: said at the authorization endpoint, ended by whoever may. How a grant begins
//! is in `grant_codes`, how it goes on in `grant_tokens`.

use crate::changes::{self, Change};
use crate::db::{ReadColumn, Statement};
use crate::grant_codes::{self, NewGrantCode};
use crate::page::Page;
use crate::revocations;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{ClientId, GrantId, PersonId};
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// What a client may have tokens for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Granted {
    /// The grant, whose id these tokens carry as their credential's.
    pub grant: GrantId,
    /// Who acts.
    pub client: ClientId,
    /// For whom.
    pub person: PersonId,
    /// What it may do.
    pub scope: ScopeSet,
    /// Whether it is told who that is.
    pub openid: bool,
    /// What its ID token repeats: none of a refresh (OpenID Connect Core §12.2).
    pub nonce: Option<String>,
    /// When the person had proved to be who it is.
    pub proved_at: UnixTime,
    /// Whether it goes on when the person is away.
    pub offline: bool,
}

/// A grant in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedGrant {
    /// Its id.
    pub id: GrantId,
    /// Who acts.
    pub client: ClientId,
    /// What people call the app that acts through it.
    pub app_name: String,
    /// What it may do.
    pub scope: ScopeSet,
    /// When the person said so.
    pub granted_at: UnixTime,
    /// When it last led to tokens, if it did.
    pub last_used_at: Option<UnixTime>,
}

pub(crate) const OF_PERSON: &str = "SELECT g.id, g.client_id, a.name, g.scope, g.granted_at, g.last_used_at
     FROM grants g JOIN clients c ON c.id = g.client_id JOIN apps a ON a.id = c.app_id
     WHERE g.person_id = $1 AND g.id < $2 AND g.ended_at IS NULL ORDER BY g.id DESC LIMIT $3";

/// Holds the grant that a code or a refresh token is of, and changes nothing: what it comes to is decided under this lock.
macro_rules! hold {
    ($table:literal) => {
        concat!(
            "UPDATE grants SET granted_at = granted_at WHERE id = (SELECT grant_id FROM ",
            $table,
            " WHERE hash = $1) RETURNING id, client_id, person_id, scope, openid, proved_at, ended_at"
        )
    };
}

pub(crate) const OF_CODE: &str = hold!("grant_codes");
pub(crate) const OF_TOKEN: &str = hold!("grant_tokens");

const END: &str = "UPDATE grants SET ended_at = $1, expires_at = $2
                   WHERE id = $3 AND person_id = COALESCE($4, person_id) AND ended_at IS NULL RETURNING id";
const END_OF_TOKEN: &str = "UPDATE grants SET ended_at = $1, expires_at = $2
                            WHERE id = (SELECT grant_id FROM grant_tokens WHERE hash = $3) AND client_id = $4
                              AND ended_at IS NULL RETURNING id";

impl Store {
    /// A person lets a client act for it: records the grant, and the code that leads to its tokens, together.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when the session has ended.
    pub async fn grant(&self, new: &NewGrantCode, write: impl Into<Write<'_>>) -> Result<(), StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        insert(new, write.now).execute(&mut *transaction).await?;
        grant_codes::insert(new).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// A page of what a person granted and nobody has ended, the newest first.
    pub async fn grants_of_person(
        &self,
        person: PersonId,
        page: &Page<GrantId>,
    ) -> Result<Vec<ListedGrant>, StoreError> {
        // No id in lower case is greater.
        let before = page.after.map_or_else(|| "g".to_owned(), |id| id.to_string());
        let select = sqlx::query(OF_PERSON).bind(person.to_string()).bind(before).bind(page.rows());
        self.db.all(select).await?.iter().map(listed).collect()
    }

    /// Ends a grant, of this person where one is named, and denies its access tokens until `last_expiry`, when those that
    /// are out have expired. Gives what gateways hear of: nothing when there was nothing to end.
    pub async fn end_grant(
        &self,
        id: GrantId,
        person: Option<PersonId>,
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let whose = person.map(|person| person.to_string());
        let update = ending(END, write, last_expiry).bind(id.to_string()).bind(whose);
        self.end(update, last_expiry, write).await
    }

    /// Ends the grant that a refresh token of this client's is of, spent or not (RFC 7009 §2.1). Otherwise as
    /// [`Self::end_grant`].
    pub async fn end_grant_of_token(
        &self,
        token: &SecretHash,
        client: &ClientId,
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let update = ending(END_OF_TOKEN, write, last_expiry).bind(token.to_hex()).bind(client.to_string());
        self.end(update, last_expiry, write).await
    }

    async fn end(
        &self,
        update: Statement<'_>,
        last_expiry: UnixTime,
        write: Write<'_>,
    ) -> Result<Vec<Change>, StoreError> {
        let mut transaction = self.db.begin().await?;
        let changes = end(&mut transaction, update, last_expiry, write).await?;
        transaction.commit().await?;
        Ok(changes)
    }

    /// Forgets codes, refresh tokens and grants of which nothing works any more.
    pub async fn forget_grants(&self, now: UnixTime) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM grant_codes WHERE expires_at <= $1",
            "DELETE FROM grant_tokens WHERE expires_at <= $1",
            "DELETE FROM grants WHERE expires_at <= $1",
        ] {
            self.db.run(sqlx::query(statement).bind(now.millis())).await?;
        }
        Ok(())
    }
}

/// A grant that nobody else changes until the transaction ends: what is sent at once is answered one after another.
pub(crate) struct Held {
    /// What it is to a refresh.
    pub(crate) granted: Granted,
    pub(crate) has_ended: bool,
}

impl Held {
    /// It leads to tokens, of which the last one works until then.
    pub(crate) async fn go_on(
        &self,
        transaction: &mut Transaction<'_, Any>,
        until: UnixTime,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE grants SET last_used_at = $2, expires_at = CASE WHEN expires_at < $3 THEN $3 ELSE expires_at END
             WHERE id = $1",
        )
        .bind(self.granted.grant.to_string())
        .bind(now.millis())
        .bind(until.millis())
        .execute(&mut **transaction)
        .await?;
        Ok(())
    }

    /// It ends, unless it has ended already.
    pub(crate) async fn end(
        &self,
        transaction: &mut Transaction<'_, Any>,
        last_expiry: UnixTime,
        write: Write<'_>,
    ) -> Result<Vec<Change>, StoreError> {
        let update = ending(END, write, last_expiry).bind(self.granted.grant.to_string());
        end(transaction, update.bind(None::<String>), last_expiry, write).await
    }
}

/// Holds the grant that the code or refresh token of this hash is of. Has to come first in a transaction, as `SQLite` cannot
/// go on to write after others have written since it read.
pub(crate) async fn hold(
    transaction: &mut Transaction<'_, Any>,
    statement: &'static str,
    hash: &SecretHash,
) -> Result<Option<Held>, StoreError> {
    let hold = sqlx::query(statement).bind(hash.to_hex());
    hold.fetch_optional(&mut **transaction).await?.as_ref().map(held).transpose()
}

/// The beginning of a statement that ends grants.
fn ending(statement: &'static str, write: Write<'_>, last_expiry: UnixTime) -> Statement<'static> {
    sqlx::query(statement).bind(write.now.millis()).bind(last_expiry.millis())
}

async fn end(
    transaction: &mut Transaction<'_, Any>,
    update: Statement<'_>,
    last_expiry: UnixTime,
    write: Write<'_>,
) -> Result<Vec<Change>, StoreError> {
    let Some(row) = update.fetch_optional(&mut **transaction).await? else {
        return Ok(Vec::new());
    };
    write.audit(transaction).await?;
    let denied = Revocation::at(Subject::Credential(row.parsed("id")?), write.now, last_expiry);
    let seq = changes::record(transaction, &Change::Revocations, write.now).await?;
    revocations::deny(transaction, &denied, seq).await?;
    Ok(vec![Change::Revocations])
}

fn insert(new: &NewGrantCode, now: UnixTime) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO grants (id, person_id, client_id, scope, openid, proved_at, granted_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.grant.to_string())
    .bind(new.person.to_string())
    .bind(new.client.as_str())
    .bind(new.scope.to_string())
    .bind(i64::from(new.openid))
    .bind(new.proved_at.millis())
    .bind(now.millis())
    .bind(new.expires_at.millis())
}

fn held(row: &AnyRow) -> Result<Held, StoreError> {
    let granted = Granted {
        grant: row.parsed("id")?,
        client: row.parsed("client_id")?,
        person: row.parsed("person_id")?,
        scope: row.parsed("scope")?,
        openid: row.integer("openid")? != 0,
        nonce: None,
        proved_at: row.time("proved_at")?,
        offline: true,
    };
    Ok(Held { granted, has_ended: row.maybe_time("ended_at")?.is_some() })
}

fn listed(row: &AnyRow) -> Result<ListedGrant, StoreError> {
    Ok(ListedGrant {
        id: row.parsed("id")?,
        client: row.parsed("client_id")?,
        app_name: row.text("name")?,
        scope: row.parsed("scope")?,
        granted_at: row.time("granted_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
    })
}
