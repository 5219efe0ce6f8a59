//! The change log: how one node hears of what another one did.
//!
//! A change is written in the transaction that makes it. Its number comes from one row, which stays locked until
//! that transaction ends: the order of the numbers is the order of the commits, on both engines.

use crate::db::{ReadColumn, Statement};
use crate::write::Write;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, ClientId, PersonId, RegistrationId, TenantId};
use einlass_protocol::revocation::Subject;
use einlass_protocol::time::UnixTime;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

/// What is not what it was.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// A client's secrets.
    Client(ClientId),
    /// What an app may do for a tenant.
    Installation(AppId, TenantId),
    /// The key of an on-premise app.
    Registration(RegistrationId),
    /// Of what somebody is a member.
    Membership(PersonId),
    /// What is denied.
    Revocations,
    /// The signing keys.
    SigningKeys,
    /// Whose pages may read what we answer.
    Origins,
}

impl Change {
    /// The kind and the subject, as the table holds them.
    fn to_columns(&self) -> (&'static str, String) {
        match self {
            Self::Client(id) => ("client", id.to_string()),
            Self::Installation(app, tenant) => {
                ("installation", Subject::Installation(*app, *tenant).to_string())
            }
            Self::Registration(id) => ("registration", id.to_string()),
            Self::Membership(person) => ("membership", person.to_string()),
            Self::Revocations => ("revocations", String::new()),
            Self::SigningKeys => ("signing keys", String::new()),
            Self::Origins => ("origins", String::new()),
        }
    }

    fn of_columns(kind: &str, subject: &str) -> Option<Self> {
        match (kind, Subject::parse(kind, subject)) {
            ("revocations", _) => Some(Self::Revocations),
            ("signing keys", _) => Some(Self::SigningKeys),
            ("origins", _) => Some(Self::Origins),
            ("membership", _) => subject.parse().ok().map(Self::Membership),
            ("registration", _) => subject.parse().ok().map(Self::Registration),
            (_, Ok(Subject::Client(id))) => Some(Self::Client(id)),
            (_, Ok(Subject::Installation(app, tenant))) => Some(Self::Installation(app, tenant)),
            _ => None,
        }
    }
}

/// A change in its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordedChange {
    /// 1, 2, 3 and so on, without gaps: who sees a number that does not follow has missed some.
    pub seq: i64,
    /// What changed; `None` for what only a newer version of the platform knows of.
    pub change: Option<Change>,
}

impl Store {
    /// The number of the last change: 0 before the first.
    pub async fn last_change(&self) -> Result<i64, StoreError> {
        let row = self.db.first(sqlx::query("SELECT seq FROM change_counter WHERE id = 1")).await?;
        row.ok_or(StoreError::Inconsistent { column: "seq" })?.integer("seq")
    }

    /// At most `limit` changes after this one, in their order.
    pub async fn changes_after(&self, seq: i64, limit: u32) -> Result<Vec<RecordedChange>, StoreError> {
        let select =
            sqlx::query("SELECT seq, kind, subject FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(seq)
                .bind(i64::from(limit));
        self.db.all(select).await?.iter().map(recorded).collect()
    }

    /// Forgets the changes made before `end`. Says how many.
    pub async fn forget_changes(&self, end: UnixTime) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM changes WHERE at < $1").bind(end.millis());
        Ok(self.db.run(delete).await?.rows_affected())
    }
}

impl Store {
    /// Runs a statement, and records what it changes and who asked for it, unless it changed nothing. Says whether it
    /// did.
    pub(crate) async fn run_recording(
        &self,
        statement: Statement<'_>,
        change: &Change,
        write: Write<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.db.begin().await?;
        let has_changed = statement.execute(&mut *transaction).await?.rows_affected() > 0;
        if has_changed {
            write.audit(&mut transaction).await?;
            record(&mut transaction, change, write.now).await?;
        }
        transaction.commit().await?;
        Ok(has_changed)
    }

    /// The same for what other nodes need not hear of.
    pub(crate) async fn run_audited(
        &self,
        statement: Statement<'_>,
        write: Write<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.db.begin().await?;
        let has_changed = statement.execute(&mut *transaction).await?.rows_affected() > 0;
        if has_changed {
            write.audit(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(has_changed)
    }
}

fn recorded(row: &AnyRow) -> Result<RecordedChange, StoreError> {
    let change = Change::of_columns(&row.text("kind")?, &row.text("subject")?);
    Ok(RecordedChange { seq: row.integer("seq")?, change })
}

/// Records a change and gives its number. Comes last in a transaction: from here on every other change waits.
pub(crate) async fn record(
    transaction: &mut Transaction<'_, Any>,
    change: &Change,
    now: UnixTime,
) -> Result<i64, StoreError> {
    let next = "UPDATE change_counter SET seq = seq + 1 WHERE id = 1 RETURNING seq";
    let seq: i64 = sqlx::query(next).fetch_one(&mut **transaction).await?.try_get("seq")?;
    let (kind, subject) = change.to_columns();
    sqlx::query("INSERT INTO changes (seq, kind, subject, at) VALUES ($1, $2, $3, $4)")
        .bind(seq)
        .bind(kind)
        .bind(subject)
        .bind(now.millis())
        .execute(&mut **transaction)
        .await?;
    Ok(seq)
}
