//! How a grant begins: a code, which its client trades for tokens once (RFC 6749 §4.1.2).

use crate::changes::Change;
use crate::db::{ReadColumn, Statement};
use crate::grants::{self, Granted};
use crate::write::Write;
use crate::{Store, StoreError, grant_tokens};
use einlass_protocol::ids::{ClientId, GrantId, PersonId, SessionId};
use einlass_protocol::oauth::{CodeChallenge, CodeVerifier, Generation};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// A grant to be, and its code.
#[derive(Clone, Debug)]
pub struct NewGrantCode {
    /// The code's hash.
    pub hash: SecretHash,
    /// The grant's id: ids of later grants are greater.
    pub grant: GrantId,
    /// Who may act.
    pub client: ClientId,
    /// Which of the issuers was asked.
    pub issuer: Generation,
    /// For whom.
    pub person: PersonId,
    /// What the browser holds in which the person has signed in.
    pub session: SecretHash,
    /// Where the code is sent.
    pub redirect_uri: String,
    /// Of what the client keeps to itself.
    pub challenge: CodeChallenge,
    /// What its ID token is to repeat.
    pub nonce: Option<String>,
    /// What it may do.
    pub scope: ScopeSet,
    /// Whether it is to go on when the person is away.
    pub offline: bool,
    /// Whether it is to be told who that is.
    pub openid: bool,
    /// When the person proved to be who it is.
    pub proved_at: UnixTime,
    /// When the code stops counting.
    pub expires_at: UnixTime,
}

/// What became of a code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Redeemed {
    /// It counted: tokens for this.
    Granted(Granted),
    /// It does not count, and never will.
    Refused,
    /// It came before. What came of it ends, and gateways hear of this.
    Replayed(Vec<Change>),
}

const TAKE: &str = "UPDATE grant_codes SET used_at = $2 WHERE hash = $1 AND used_at IS NULL
                    RETURNING session_id, redirect_uri, challenge, nonce, offline, expires_at";

impl Store {
    /// Trades a code for what was granted. It counts once, whatever comes of it; when its client sends it again, what came of
    /// it ends (RFC 6749 §4.1.2), as [`Self::end_grant`] does it. What another client sends does nothing. `first` is the
    /// first refresh token and when that expires, for a grant that goes on when its person is away; another has none. The
    /// event is written when the grant ends.
    pub async fn redeem_code(
        &self,
        (code, client, issuer): (&SecretHash, &ClientId, Generation),
        (redirect_uri, verifier): (&str, &CodeVerifier),
        first: (&SecretHash, UnixTime),
        last_expiry: UnixTime,
        write: impl Into<Write<'_>>,
    ) -> Result<Redeemed, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        let held = grants::hold(&mut transaction, grants::OF_CODE, code).await?;
        let Some(held) = held.filter(|held| held.is_of(client, issuer)) else {
            return Ok(Redeemed::Refused);
        };
        let Some(known) = take(&mut transaction, code, write.now).await? else {
            let changes = held.end(&mut transaction, last_expiry, write).await?;
            transaction.commit().await?;
            return Ok(Redeemed::Replayed(changes));
        };
        let is_proved = known.redirect_uri == redirect_uri && known.challenge.is_of(verifier);
        if held.has_ended || !known.counts || !is_proved {
            transaction.commit().await?;
            return Ok(Redeemed::Refused);
        }
        let mut until = last_expiry;
        if known.offline {
            until = until.max(first.1);
            grant_tokens::insert(first, held.granted.grant).execute(&mut *transaction).await?;
        }
        held.go_on(&mut transaction, until, write.now).await?;
        transaction.commit().await?;
        Ok(Redeemed::Granted(Granted { nonce: known.nonce, offline: known.offline, ..held.granted }))
    }
}

/// A code that comes for the first time.
struct Code {
    redirect_uri: String,
    challenge: CodeChallenge,
    nonce: Option<String>,
    offline: bool,
    /// Whether it comes in time, and the session that it came from goes on.
    counts: bool,
}

/// Uses up a code whose grant is held. `None` when it was used before.
async fn take(
    transaction: &mut Transaction<'_, Any>,
    hash: &SecretHash,
    now: UnixTime,
) -> Result<Option<Code>, StoreError> {
    let update = sqlx::query(TAKE).bind(hash.to_hex()).bind(now.millis());
    update.fetch_optional(&mut **transaction).await?.map(|row| code(&row, now)).transpose()
}

/// Holds the session that a code comes from, and gives its id: so it has not ended before the code is there.
pub(crate) async fn hold_session(
    transaction: &mut Transaction<'_, Any>,
    new: &NewGrantCode,
) -> Result<SessionId, StoreError> {
    let hold = "UPDATE sessions SET seen_at = seen_at WHERE hash = $1 AND person_id = $2 RETURNING id";
    let hold = sqlx::query(hold).bind(new.session.to_hex()).bind(new.person.to_string());
    let session = hold.fetch_optional(&mut **transaction).await?;
    session.ok_or(StoreError::MissingReference)?.parsed("id")
}

pub(crate) fn insert(new: &NewGrantCode, session: SessionId) -> Statement<'_> {
    sqlx::query(
        "INSERT INTO grant_codes (hash, grant_id, session_id, redirect_uri, challenge, nonce, offline, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.hash.to_hex())
    .bind(new.grant.to_string())
    .bind(session.to_string())
    .bind(&new.redirect_uri)
    .bind(new.challenge.as_str())
    .bind(new.nonce.as_deref())
    .bind(i64::from(new.offline))
    .bind(new.expires_at.millis())
}

fn code(row: &AnyRow, now: UnixTime) -> Result<Code, StoreError> {
    let session = row.maybe_text("session_id")?;
    Ok(Code {
        redirect_uri: row.text("redirect_uri")?,
        challenge: row.parsed("challenge")?,
        nonce: row.maybe_text("nonce")?,
        offline: row.integer("offline")? != 0,
        counts: session.is_some() && row.time("expires_at")? > now,
    })
}
