//! Revocations: what is denied before it expires by itself, and what ends with it.

use crate::changes::{Change, record};
use crate::db::ReadColumn;
use crate::write::Write;
use crate::{Store, StoreError, installations, people, shut_out};
use einlass_protocol::ids::{AppId, ClientId, CredentialId, PersonId};
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use std::collections::BTreeSet;
use std::time::Duration;

/// A revocation, and the change that wrote it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordedRevocation {
    /// What is denied.
    pub revocation: Revocation,
    /// The number of the change that wrote it.
    pub seq: i64,
}

impl Store {
    /// Denies a subject's tokens, and ends what would get it new ones: the secret or grant, or all secrets and grants of
    /// the client or the app, or the installation, or all sessions and grants of the person. An app or a channel is shut out
    /// besides, until it is let in again. All of it or nothing. Gives what other nodes hear of. Revoking again is no error; of
    /// two moments the later one holds.
    pub async fn revoke(
        &self,
        revocation: &Revocation,
        write: impl Into<Write<'_>>,
    ) -> Result<Vec<Change>, StoreError> {
        let write = write.into();
        let now = write.now;
        let mut transaction = self.db.begin().await?;
        let ended = end_what_renews(&mut transaction, revocation, now).await?;
        write.audit(&mut transaction).await?;
        for change in &ended.changes {
            record(&mut transaction, change, now).await?;
        }
        let seq = record(&mut transaction, &Change::Revocations, now).await?;
        deny(&mut transaction, revocation, seq).await?;
        for credential in ended.credentials {
            let with_it = Revocation::at(Subject::Credential(credential), now, revocation.expires_at);
            deny(&mut transaction, &with_it, seq).await?;
        }
        transaction.commit().await?;
        Ok([ended.changes, vec![Change::Revocations]].concat())
    }

    /// The revocations that changes after this one wrote and that deny something at `now`, in their order.
    pub async fn revocations_after(
        &self,
        seq: i64,
        now: UnixTime,
    ) -> Result<Vec<RecordedRevocation>, StoreError> {
        let select = sqlx::query(
            "SELECT kind, subject, not_before, expires_at, seq FROM revocations
             WHERE seq > $1 AND expires_at > $2 ORDER BY seq",
        )
        .bind(seq)
        .bind(now.millis());
        self.db.all(select).await?.iter().map(recorded).collect()
    }

    /// Forgets what denies nothing any more. Says how many.
    pub async fn forget_revocations(&self, now: UnixTime) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM revocations WHERE expires_at <= $1").bind(now.millis());
        Ok(self.db.run(delete).await?.rows_affected())
    }
}

/// What ended with a subject.
#[derive(Default)]
struct Ended {
    credentials: Vec<CredentialId>,
    changes: Vec<Change>,
}

/// Ends what a subject gets new tokens with. A tenant has nothing of that kind: its apps get theirs without it.
async fn end_what_renews(
    transaction: &mut Transaction<'_, Any>,
    Revocation { subject, expires_at, .. }: &Revocation,
    now: UnixTime,
) -> Result<Ended, StoreError> {
    match subject {
        Subject::Token(_) | Subject::Tenant(_) => Ok(Ended::default()),
        Subject::Credential(id) => {
            let id = id.to_string();
            end_refresh_tokens(transaction, REFRESH_TOKEN, id.clone(), now).await?;
            end_grants(transaction, GRANT, id.clone(), (now, *expires_at)).await?;
            end_secrets(transaction, SECRET, id, now).await
        }
        Subject::Channel(name) => {
            shut_out::channel(transaction, name, now).await?;
            let credentials =
                end_refresh_tokens(transaction, REFRESH_TOKENS_OF_CHANNEL, name.to_string(), now).await?;
            Ok(Ended { credentials, ..Ended::default() })
        }
        Subject::Client(id) => end_all(transaction, &OF_CLIENT, id.to_string(), (now, *expires_at)).await,
        Subject::App(id) => {
            let mut ended = end_all(transaction, &OF_APP, id.to_string(), (now, *expires_at)).await?;
            if shut_out::app(transaction, *id, now).await? {
                ended.changes = clients_of(transaction, *id).await?;
            }
            Ok(ended)
        }
        Subject::Person(id) => {
            people::hold(*id).execute(&mut **transaction).await?;
            people::end_sessions(*id, None).execute(&mut **transaction).await?;
            let credentials = end_grants_of(transaction, *id, (now, *expires_at)).await?;
            Ok(Ended { credentials, ..Ended::default() })
        }
        Subject::Installation(app, tenant) => {
            installations::remove(*app, *tenant, now).execute(&mut **transaction).await?;
            Ok(Ended { changes: vec![Change::Installation(*app, *tenant)], ..Ended::default() })
        }
    }
}

const REFRESH_TOKEN: &str = "UPDATE refresh_tokens SET revoked_at = $2
                             WHERE id = $1 AND revoked_at IS NULL RETURNING id";
const REFRESH_TOKENS_OF_CHANNEL: &str = "UPDATE refresh_tokens SET revoked_at = $2
                                         WHERE channel = $1 AND revoked_at IS NULL RETURNING id";
const SECRET: &str = "SELECT id FROM client_secrets WHERE id = $1 AND revoked_at IS NULL";
const GRANT: &str = "UPDATE grants SET ended_at = $2, expires_at = $3
                     WHERE id = $1 AND ended_at IS NULL RETURNING id, last_used_at";

/// How all that a client or an app gets tokens with is found.
struct All {
    secrets: &'static str,
    hold: &'static str,
    grants: &'static str,
}

const OF_CLIENT: All = All {
    secrets: "SELECT id FROM client_secrets WHERE client_id = $1 AND revoked_at IS NULL",
    hold: "UPDATE apps SET name = name WHERE id = (SELECT app_id FROM clients WHERE id = $1)",
    grants: "UPDATE grants SET ended_at = $2, expires_at = $3
             WHERE client_id = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING id, last_used_at",
};
const OF_APP: All = All {
    secrets: "SELECT id FROM client_secrets
              WHERE client_id IN (SELECT id FROM clients WHERE app_id = $1) AND revoked_at IS NULL",
    hold: "UPDATE apps SET name = name WHERE id = $1",
    grants: "UPDATE grants SET ended_at = $2, expires_at = $3
             WHERE client_id IN (SELECT id FROM clients WHERE app_id = $1)
               AND ended_at IS NULL AND expires_at > $2 RETURNING id, last_used_at",
};

const HOLD_APP: &str = OF_APP.hold;
const APPS_OF_PERSON: &str = "SELECT DISTINCT c.app_id FROM grants g JOIN clients c ON c.id = g.client_id
     WHERE g.person_id = $1 AND g.ended_at IS NULL AND g.expires_at > $2 ORDER BY c.app_id";
const GRANTS_OF_PERSON: &str = "UPDATE grants SET ended_at = $2, expires_at = $3
     WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING id, last_used_at";

/// A token may say that it was issued later than now: by this much, where another node's clock made it.
const JUST_NOW: Duration = Duration::from_mins(1);

/// Each client of an app: what is remembered of those without secrets does not count either.
async fn clients_of(transaction: &mut Transaction<'_, Any>, id: AppId) -> Result<Vec<Change>, StoreError> {
    let select = sqlx::query("SELECT id FROM clients WHERE app_id = $1 ORDER BY id").bind(id.to_string());
    let rows = select.fetch_all(&mut **transaction).await?;
    rows.iter().map(|row| Ok(Change::Client(row.parsed("id")?))).collect()
}

async fn end_all(
    transaction: &mut Transaction<'_, Any>,
    all: &All,
    of: String,
    times: (UnixTime, UnixTime),
) -> Result<Ended, StoreError> {
    let mut ended = end_secrets(transaction, all.secrets, of.clone(), times.0).await?;
    // One revocation after another, so that no two wait for each other's grants in a circle.
    sqlx::query(all.hold).bind(of.clone()).execute(&mut **transaction).await?;
    ended.credentials.extend(end_grants(transaction, all.grants, of, times).await?);
    Ok(ended)
}

/// Ends all that a person granted, and denies whatever acts for it until `last_expiry`. Whoever does holds the person, so that
/// nothing is granted meanwhile. Gives what other nodes hear of, and comes last in a transaction.
pub(crate) async fn end_what_acts_for(
    transaction: &mut Transaction<'_, Any>,
    person: PersonId,
    last_expiry: UnixTime,
    now: UnixTime,
) -> Result<Vec<Change>, StoreError> {
    let credentials = end_grants_of(transaction, person, (now, last_expiry)).await?;
    let seq = record(transaction, &Change::Revocations, now).await?;
    let credentials = credentials.into_iter().map(Subject::Credential);
    for subject in credentials.chain([Subject::Person(person)]) {
        deny(transaction, &Revocation::at(subject, now, last_expiry), seq).await?;
    }
    Ok(vec![Change::Revocations])
}

async fn end_grants_of(
    transaction: &mut Transaction<'_, Any>,
    person: PersonId,
    times: (UnixTime, UnixTime),
) -> Result<Vec<CredentialId>, StoreError> {
    let select = sqlx::query(APPS_OF_PERSON).bind(person.to_string()).bind(times.0.millis());
    for row in &select.fetch_all(&mut **transaction).await? {
        // Whoever ends all grants of an app waits, so that no two wait for each other's in a circle.
        sqlx::query(HOLD_APP).bind(row.text("app_id")?).execute(&mut **transaction).await?;
    }
    end_grants(transaction, GRANTS_OF_PERSON, person.to_string(), times).await
}

/// Ends the grants that `update` finds, and gives those that led to a token just now: that one may have been issued after the
/// moment up to which a client, an app or a person is denied. There may be very many grants, and most led to none lately.
async fn end_grants(
    transaction: &mut Transaction<'_, Any>,
    update: &'static str,
    of: String,
    (now, last_expiry): (UnixTime, UnixTime),
) -> Result<Vec<CredentialId>, StoreError> {
    let update = sqlx::query(update).bind(of).bind(now.millis()).bind(last_expiry.millis());
    let mut used = Vec::new();
    for row in &update.fetch_all(&mut **transaction).await? {
        if row.maybe_time("last_used_at")?.is_some_and(|at| at > now.minus(JUST_NOW)) {
            used.push(row.parsed("id")?);
        }
    }
    Ok(used)
}

async fn end_refresh_tokens(
    transaction: &mut Transaction<'_, Any>,
    update: &'static str,
    of: String,
    now: UnixTime,
) -> Result<Vec<CredentialId>, StoreError> {
    let rows = sqlx::query(update).bind(of).bind(now.millis()).fetch_all(&mut **transaction).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// Ends the secrets that `select` finds, one by one in the order of their ids: whoever else changes several secrets
/// does so in that order too, so that no two wait for each other in a circle.
async fn end_secrets(
    transaction: &mut Transaction<'_, Any>,
    select: &'static str,
    of: String,
    now: UnixTime,
) -> Result<Ended, StoreError> {
    // SQLite cannot go on to write after others have written since it read: here it begins by writing nothing.
    sqlx::query("UPDATE client_secrets SET id = id WHERE id = ''").execute(&mut **transaction).await?;
    let rows = sqlx::query(select).bind(of).fetch_all(&mut **transaction).await?;
    let working: BTreeSet<CredentialId> =
        rows.iter().map(|row| row.parsed("id")).collect::<Result<_, _>>()?;
    let (mut credentials, mut clients) = (Vec::new(), BTreeSet::<ClientId>::new());
    for secret in working {
        let update = sqlx::query(END).bind(secret.to_string()).bind(now.millis());
        // Another may have ended it meanwhile, and told of it.
        if let Some(row) = update.fetch_optional(&mut **transaction).await? {
            credentials.push(secret);
            clients.insert(row.parsed("client_id")?);
        }
    }
    Ok(Ended { credentials, changes: clients.into_iter().map(Change::Client).collect() })
}

const END: &str =
    "UPDATE client_secrets SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING client_id";

pub(crate) async fn deny(
    transaction: &mut Transaction<'_, Any>,
    revocation: &Revocation,
    seq: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO revocations (kind, subject, not_before, expires_at, seq) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, subject) DO UPDATE SET
             not_before = CASE WHEN excluded.not_before > revocations.not_before
                               THEN excluded.not_before ELSE revocations.not_before END,
             expires_at = CASE WHEN excluded.expires_at > revocations.expires_at
                               THEN excluded.expires_at ELSE revocations.expires_at END,
             seq = excluded.seq",
    )
    .bind(revocation.subject.kind())
    .bind(revocation.subject.to_string())
    .bind(revocation.not_before.millis())
    .bind(revocation.expires_at.millis())
    .bind(seq)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn recorded(row: &AnyRow) -> Result<RecordedRevocation, StoreError> {
    let subject = Subject::parse(&row.text("kind")?, &row.text("subject")?)
        .map_err(|_| StoreError::Inconsistent { column: "subject" })?;
    let revocation = Revocation {
        subject,
        not_before: UnixTime::from_millis(row.integer("not_before")?),
        expires_at: UnixTime::from_millis(row.integer("expires_at")?),
    };
    Ok(RecordedRevocation { revocation, seq: row.integer("seq")? })
}
