//! What people let apps' clients do for them: said at the authorization endpoint, ended by whoever may. How a grant begins
//! is in `grant_codes`, how it goes on in `grant_tokens`, what there is of them in `grant_lists`.

use crate::changes::{self, Change};
use crate::db::{ReadColumn, Statement};
use crate::grant_codes::{self, NewGrantCode};
use crate::write::Write;
use crate::{Store, StoreError, people, revocations};
use einlass_protocol::ids::{ClientId, GrantId, PersonId};
use einlass_protocol::oauth::Generation;
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
    /// Which of the issuers it was said at.
    pub issuer: Generation,
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

/// Holds the grant that a code or a refresh token is of, and changes nothing: what it comes to is decided under this lock.
macro_rules! hold {
    ($table:literal) => {
        concat!(
            "UPDATE grants SET granted_at = granted_at WHERE id = (SELECT grant_id FROM ",
            $table,
            " WHERE hash = $1) RETURNING id, client_id, issuer, person_id, scope, openid, proved_at, ended_at"
        )
    };
}

pub(crate) const OF_CODE: &str = hold!("grant_codes");
pub(crate) const OF_TOKEN: &str = hold!("grant_tokens");

const END: &str = "UPDATE grants SET ended_at = $1, expires_at = $2
                   WHERE id = $3 AND person_id = COALESCE($4, person_id) AND ended_at IS NULL RETURNING id";
/// How many grants of one client a person may have at once, beside those whose code nobody has traded; the one that lies idle
/// the longest gives way.
const MOST: i64 = 10;
/// Those for which there is no room beside one more.
const SURPLUS: &str = "SELECT id FROM grants
     WHERE person_id = $1 AND client_id = $2 AND ended_at IS NULL AND last_used_at IS NOT NULL AND expires_at > $3
       AND id NOT IN (SELECT id FROM grants WHERE person_id = $1 AND client_id = $2 AND ended_at IS NULL
                        AND last_used_at IS NOT NULL AND expires_at > $3
                      ORDER BY last_used_at DESC, id DESC LIMIT $4)
     ORDER BY id";
const HOLD_APP: &str = "UPDATE apps SET name = name WHERE id = (SELECT app_id FROM clients WHERE id = $1)";

impl Store {
    /// A person lets a client act for it: records the grant, and the code that leads to its tokens, together. Where there is no
    /// room for it that client's one that lies idle the longest ends, as [`Self::end_grant`] does it. Gives what gateways hear of.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] when the session has ended, or is known by another secret by now.
    pub async fn grant(
        &self,
        new: &NewGrantCode,
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // Whoever ends all that the person granted waits, and ends this too, or has done so and with it the session.
        people::hold(new.person).execute(&mut *transaction).await?;
        let session = grant_codes::hold_session(&mut transaction, new).await?;
        let surplus = end_surplus(&mut transaction, new, last_expiry, write.now).await?;
        insert(new, write.now).execute(&mut *transaction).await?;
        grant_codes::insert(new, session).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        let changes = deny(&mut transaction, &surplus, last_expiry, write.now).await?;
        transaction.commit().await?;
        Ok(changes)
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
        let mut transaction = self.db.begin().await?;
        let changes = end(&mut transaction, (id, whose), last_expiry, write).await?;
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
    /// Whether it is this client's, from this issuer.
    pub(crate) fn is_of(&self, client: &ClientId, issuer: Generation) -> bool {
        self.granted.client == *client && self.granted.issuer == issuer
    }

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
        end(transaction, (self.granted.grant, None), last_expiry, write).await
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

async fn end(
    transaction: &mut Transaction<'_, Any>,
    (id, whose): (GrantId, Option<String>),
    last_expiry: UnixTime,
    write: Write<'_>,
) -> Result<Vec<Change>, StoreError> {
    let update = ending(id, whose, last_expiry, write.now);
    if update.execute(&mut **transaction).await?.rows_affected() == 0 {
        return Ok(Vec::new());
    }
    write.audit(transaction).await?;
    deny(transaction, &[id], last_expiry, write.now).await
}

/// Ends this grant, unless it has ended, of this person where one is named.
fn ending(id: GrantId, whose: Option<String>, last_expiry: UnixTime, now: UnixTime) -> Statement<'static> {
    sqlx::query(END).bind(now.millis()).bind(last_expiry.millis()).bind(id.to_string()).bind(whose)
}

/// Ends the grants that lie idle the longest where there is no room for a new one, and gives them.
async fn end_surplus(
    transaction: &mut Transaction<'_, Any>,
    new: &NewGrantCode,
    last_expiry: UnixTime,
    now: UnixTime,
) -> Result<Vec<GrantId>, StoreError> {
    let select = sqlx::query(SURPLUS).bind(new.person.to_string()).bind(new.client.as_str());
    let select = select.bind(now.millis()).bind(MOST - 1);
    let rows = select.fetch_all(&mut **transaction).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // Whoever ends all grants of an app waits, so that no two wait for each other's in a circle.
    sqlx::query(HOLD_APP).bind(new.client.as_str()).execute(&mut **transaction).await?;
    let mut ended = Vec::new();
    for row in &rows {
        let id = row.parsed("id")?;
        let update = ending(id, None, last_expiry, now);
        if update.execute(&mut **transaction).await?.rows_affected() > 0 {
            ended.push(id);
        }
    }
    Ok(ended)
}

/// Denies what came of grants that have just ended. Comes last in a transaction.
async fn deny(
    transaction: &mut Transaction<'_, Any>,
    ended: &[GrantId],
    last_expiry: UnixTime,
    now: UnixTime,
) -> Result<Vec<Change>, StoreError> {
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let seq = changes::record(transaction, &Change::Revocations, now).await?;
    for id in ended {
        let denied = Revocation::at(Subject::Credential((*id).into()), now, last_expiry);
        revocations::deny(transaction, &denied, seq).await?;
    }
    Ok(vec![Change::Revocations])
}

fn insert(new: &NewGrantCode, now: UnixTime) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO grants (id, person_id, client_id, issuer, scope, openid, proved_at, granted_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.grant.to_string())
    .bind(new.person.to_string())
    .bind(new.client.as_str())
    .bind(new.issuer.as_str())
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
        issuer: row.parsed("issuer")?,
        person: row.parsed("person_id")?,
        scope: row.parsed("scope")?,
        openid: row.integer("openid")? != 0,
        nonce: None,
        proved_at: row.time("proved_at")?,
        offline: true,
    };
    Ok(Held { granted, has_ended: row.maybe_time("ended_at")?.is_some() })
}
