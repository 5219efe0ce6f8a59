//! What apps asked of an on-premise ERP: asked, decided, and the key that is read once.

use crate::api_keys;
use crate::db::ReadColumn;
use crate::page::Page;
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{RegistrationId, SiteId};
use einlass_protocol::onprem::ChallengeCode;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use std::fmt;
use std::str::FromStr;

/// How many registrations may wait at a site at once.
const MOST_PENDING: usize = 50;

/// Where a registration stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RegistrationState {
    /// Nobody has decided.
    Pending,
    /// The admin said no.
    Rejected,
    /// The admin said yes, and the key has not been read.
    Accepted,
    /// The key was read.
    Active,
    /// The key was ended.
    Revoked,
}

impl RegistrationState {
    const ALL: [Self; 5] = [Self::Pending, Self::Rejected, Self::Accepted, Self::Active, Self::Revoked];

    /// What it is stored and sent as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::Active => "active",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for RegistrationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no state of a registration")]
pub struct InvalidState;

impl FromStr for RegistrationState {
    type Err = InvalidState;

    fn from_str(text: &str) -> Result<Self, InvalidState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(InvalidState)
    }
}

/// A registration to be.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    /// Its id.
    pub id: RegistrationId,
    /// At which site.
    pub site: SiteId,
    /// The registration that it repeats, where it is one of several instances.
    pub instance_of: Option<RegistrationId>,
    /// What machines call the app.
    pub app_id: String,
    /// What else it said of itself, as whoever shows it wrote it.
    pub manifest: String,
    /// What it cannot do without.
    pub mandatory: ScopeSet,
    /// What it would like beside that.
    pub optional: ScopeSet,
    /// The number of its type.
    pub kind: i64,
    /// What became of its signature, in a word.
    pub signature: String,
    /// What binds the calls of the flow to one caller.
    pub challenge: ChallengeCode,
    /// When it is forgotten unless somebody decides.
    pub expires_at: UnixTime,
}

/// A registration.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// At which site.
    pub site: SiteId,
    /// The registration that it repeats, where it is one of several instances.
    pub instance_of: Option<RegistrationId>,
    /// What machines call the app.
    pub app_id: String,
    /// What else it said of itself.
    pub manifest: String,
    /// What it cannot do without.
    pub mandatory: ScopeSet,
    /// What it would like beside that.
    pub optional: ScopeSet,
    /// What it was granted.
    pub granted: ScopeSet,
    /// The number of its type.
    pub kind: i64,
    /// What became of its signature, in a word.
    pub signature: String,
    /// What binds the calls of the flow to one caller; none once nobody needs it any more.
    pub challenge: Option<ChallengeCode>,
    /// Where it stands.
    pub state: RegistrationState,
    /// When the app asked.
    pub created_at: UnixTime,
    /// When somebody decided.
    pub decided_at: Option<UnixTime>,
    /// Who.
    pub decided_by: String,
    /// When its key was last used, to the minute.
    pub last_used_at: Option<UnixTime>,
}

/// What became of an app's wish to register.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Requested {
    /// It is there, and waits for somebody to decide.
    Made,
    /// It was there, by the same caller, whose answer was lost on the way.
    Known(RegistrationId),
    /// Nobody waits for it.
    NobodyWaits,
    /// The app is registered, or about to be.
    Taken,
}

/// What a poll is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Polled {
    /// There is no such registration, or it is another caller's.
    Unknown,
    /// Nobody has decided.
    Pending,
    /// The admin said no.
    Rejected,
    /// The key, whose hash was handed in, is the registration's from now on.
    Key(ScopeSet),
    /// It was read before.
    AlreadyRead,
}

pub(crate) const BY_ID: &str = "SELECT r.id, r.site_id, r.instance_of, r.app_id, r.manifest, r.mandatory, r.optional, r.granted,
            r.kind, r.signature, r.challenge, r.state, r.created_at, r.decided_at, r.decided_by, k.last_used_at
     FROM registrations r LEFT JOIN api_keys k ON k.registration_id = r.id AND k.revoked_at IS NULL WHERE r.id = $1";
pub(crate) const OF_SITE: &str = "SELECT r.id, r.site_id, r.instance_of, r.app_id, r.manifest, r.mandatory, r.optional, r.granted,
            r.kind, r.signature, r.challenge, r.state, r.created_at, r.decided_at, r.decided_by, k.last_used_at
     FROM registrations r LEFT JOIN api_keys k ON k.registration_id = r.id AND k.revoked_at IS NULL
     WHERE r.site_id = $1 AND r.id < $2 ORDER BY r.id DESC LIMIT $3";

/// What waits at a site to be decided: fifty at most.
const PENDING: &str =
    "SELECT challenge FROM registrations WHERE site_id = $1 AND state = 'pending' AND expires_at > $2";

impl Store {
    /// An app asks to be registered where somebody waits for it. Whoever waits has what it waited for. Who asks again, with the
    /// same challenge code, is told what it was told.
    pub async fn request_registration(
        &self,
        new: &NewRegistration,
        write: impl Into<Write<'_>>,
    ) -> Result<Requested, StoreError> {
        let write = write.into();
        let mut transaction = self.db.begin().await?;
        // One request after another, so that each sees what the one before did.
        let lock = sqlx::query("UPDATE sites SET name = name WHERE id = $1").bind(new.site.to_string());
        lock.execute(&mut *transaction).await?;
        if let Some(known) = again(&mut transaction, new, write.now).await? {
            return Ok(Requested::Known(known));
        }
        let close = "UPDATE sites SET waiting_until = NULL WHERE id = $1 AND waiting_until > $2";
        let close = sqlx::query(close).bind(new.site.to_string()).bind(write.now.millis());
        if close.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(Requested::NobodyWaits);
        }
        forget(&mut transaction, write.now).await?;
        let pending = sqlx::query("SELECT id FROM registrations WHERE site_id = $1 AND state = 'pending'");
        let pending = pending.bind(new.site.to_string()).fetch_all(&mut *transaction).await?.len();
        if pending >= MOST_PENDING {
            return Ok(Requested::NobodyWaits);
        }
        match insert(&mut transaction, new, write.now).await {
            Err(StoreError::AlreadyExists(_)) => return Ok(Requested::Taken),
            outcome => outcome?,
        }
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Requested::Made)
    }

    /// Asks where a registration stands, and takes its key if it is there to be taken: `key` is the hash of one that
    /// nobody has seen yet. Of many who ask at once one gets it.
    pub async fn poll_registration(
        &self,
        id: RegistrationId,
        challenge: &ChallengeCode,
        key: &SecretHash,
        write: impl Into<Write<'_>>,
    ) -> Result<Polled, StoreError> {
        let write = write.into();
        let Some(known) = self.registration(id).await? else { return Ok(Polled::Unknown) };
        let is_its = known.challenge.as_ref().is_some_and(|code| code.matches(challenge));
        match known.state {
            RegistrationState::Revoked => return Ok(Polled::AlreadyRead),
            _ if !is_its => return Ok(Polled::Unknown),
            RegistrationState::Active => return Ok(Polled::AlreadyRead),
            RegistrationState::Pending => return Ok(Polled::Pending),
            RegistrationState::Rejected => return Ok(Polled::Rejected),
            RegistrationState::Accepted => {}
        }
        let mut transaction = self.db.begin().await?;
        let take = "UPDATE registrations SET state = 'active', expires_at = NULL
                    WHERE id = $1 AND state = 'accepted' AND challenge = $2 AND expires_at > $3 RETURNING granted";
        let take = sqlx::query(take).bind(id.to_string()).bind(challenge.expose()).bind(write.now.millis());
        let Some(row) = take.fetch_optional(&mut *transaction).await? else {
            return Ok(Polled::AlreadyRead);
        };
        api_keys::insert(key, id, write.now).execute(&mut *transaction).await?;
        write.audit(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Polled::Key(row.parsed("granted")?))
    }

    /// Whether this caller, as its challenge code says, has asked to be registered and not heard what came of it.
    pub async fn is_registering(
        &self,
        site: SiteId,
        challenge: &ChallengeCode,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let select = sqlx::query(PENDING).bind(site.to_string()).bind(now.millis());
        let pending = self.db.all(select).await?;
        let codes = pending.iter().map(|row| Ok(ChallengeCode::parse(&row.text("challenge")?).ok()));
        let codes: Vec<Option<ChallengeCode>> = codes.collect::<Result<_, StoreError>>()?;
        Ok(codes.iter().flatten().any(|code| code.matches(challenge)))
    }

    /// A registration.
    pub async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        let row = self.db.first(sqlx::query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(registration).transpose()
    }

    /// A page of a site's registrations, the newest first.
    pub async fn registrations_of(
        &self,
        site: SiteId,
        page: &Page<RegistrationId>,
    ) -> Result<Vec<Registration>, StoreError> {
        // No id in lower case is greater.
        let before = page.after.map_or_else(|| "g".to_owned(), |id| id.to_string());
        let select = sqlx::query(OF_SITE).bind(site.to_string()).bind(before).bind(page.rows());
        self.db.all(select).await?.iter().map(registration).collect()
    }

    /// Forgets what nobody decided, and what nobody fetched.
    pub async fn forget_registrations(&self, now: UnixTime) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        forget(&mut transaction, now).await?;
        Ok(transaction.commit().await?)
    }
}

/// A registration that this caller has asked for already: a challenge code is one caller's. An instance has no name by which
/// to tell it from the next.
async fn again(
    transaction: &mut Transaction<'_, Any>,
    new: &NewRegistration,
    now: UnixTime,
) -> Result<Option<RegistrationId>, StoreError> {
    if new.instance_of.is_some() {
        return Ok(None);
    }
    let select = "SELECT id FROM registrations WHERE site_id = $1 AND app_key = $2 AND challenge = $3
                    AND state = 'pending' AND instance_of IS NULL AND expires_at > $4";
    let select = sqlx::query(select)
        .bind(new.site.to_string())
        .bind(new.app_id.to_lowercase())
        .bind(new.challenge.expose())
        .bind(now.millis());
    select.fetch_optional(&mut **transaction).await?.map(|row| row.parsed("id")).transpose()
}

async fn insert(
    transaction: &mut Transaction<'_, Any>,
    new: &NewRegistration,
    now: UnixTime,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO registrations (id, site_id, instance_of, app_id, app_key, manifest, mandatory, optional, kind,
             signature, challenge, state, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12, $13)",
    )
    .bind(new.id.to_string())
    .bind(new.site.to_string())
    .bind(new.instance_of.map(|id| id.to_string()))
    .bind(&new.app_id)
    .bind(new.app_id.to_lowercase())
    .bind(&new.manifest)
    .bind(new.mandatory.to_string())
    .bind(new.optional.to_string())
    .bind(new.kind)
    .bind(&new.signature)
    .bind(new.challenge.expose())
    .bind(now.millis())
    .bind(new.expires_at.millis())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Deletes what nobody decided or what was refused, and revokes what nobody fetched: its history stays.
async fn forget(transaction: &mut Transaction<'_, Any>, now: UnixTime) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM registrations WHERE expires_at <= $1 AND state IN ('pending', 'rejected')",
        "UPDATE registrations SET state = 'revoked', challenge = '', expires_at = NULL WHERE expires_at <= $1 AND state = 'accepted'",
    ] {
        sqlx::query(statement).bind(now.millis()).execute(&mut **transaction).await?;
    }
    Ok(())
}

fn registration(row: &AnyRow) -> Result<Registration, StoreError> {
    let challenge = ChallengeCode::parse(&row.text("challenge")?).ok();
    Ok(Registration {
        id: row.parsed("id")?,
        site: row.parsed("site_id")?,
        instance_of: row.try_get::<Option<String>, _>("instance_of")?.and_then(|id| id.parse().ok()),
        app_id: row.text("app_id")?,
        manifest: row.text("manifest")?,
        mandatory: row.parsed("mandatory")?,
        optional: row.parsed("optional")?,
        granted: row.parsed("granted")?,
        kind: row.integer("kind")?,
        signature: row.text("signature")?,
        challenge,
        state: row.parsed("state")?,
        created_at: row.time("created_at")?,
        decided_at: row.maybe_time("decided_at")?,
        decided_by: row.text("decided_by")?,
        last_used_at: row.maybe_time("last_used_at")?,
    })
}
