//! Usage by the day, and when each scope was used last: sums that pages show, kept beside what is counted by the minute, in
//! the same transactions.
//!
//! Days begin at midnight at Greenwich.

use crate::db::ReadColumn;
use crate::usage::{ROWS_AT_ONCE, whole};
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, PersonId, TenantId};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageCounts, UsageKey, UsageRow, UsedCredential};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Transaction};
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

/// Whose usage.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum UsageOf {
    /// All of the platform.
    Everybody,
    /// An app.
    App(AppId),
    /// An app at a tenant: calls alone.
    Installation(AppId, TenantId),
    /// What a caller is let in by.
    Credential(UsedCredential),
}

impl fmt::Display for UsageOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("everybody"),
            Self::App(app) => write!(f, "app {app}"),
            Self::Installation(app, tenant) => write!(f, "installation {app} {tenant}"),
            Self::Credential(credential) => write!(f, "credential {credential}"),
        }
    }
}

/// The sum of a day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UsageDay {
    /// The day, by its beginning.
    pub day: UnixTime,
    /// How many tokens were issued.
    pub tokens: i64,
    /// How many calls were made.
    pub calls: i64,
    /// How many of them were refused or failed.
    pub errors: i64,
}

/// Several whose calls are summed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CallsOf {
    /// Every app at a tenant.
    Tenant(TenantId),
    /// Whatever has what a channel's refresh tokens were exchanged for.
    Channel(ChannelName),
    /// Whatever acts for a person.
    Person(PersonId),
}

/// An app, and how much it did on a day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BusyApp {
    /// Which app.
    pub app: AppId,
    /// What people call it.
    pub name: String,
    /// How much it did.
    pub usage: UsageDay,
}

const DAY: Duration = Duration::from_hours(24);

pub(crate) const DAYS: &str = "SELECT day, tokens, calls, errors FROM usage_days
     WHERE subject = $1 AND day >= $2 ORDER BY day";
pub(crate) const CALLS: &str = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) AS calls FROM usage_days
     WHERE subject = $1 AND day >= $2";
/// Of several: those of a table, each of which has days under this name.
macro_rules! calls {
    ($table:literal, $subject:literal, $of:literal) => {
        concat!(
            "SELECT CAST(COALESCE(SUM(d.calls), 0) AS BIGINT) AS calls FROM ",
            $table,
            " o JOIN usage_days d ON d.subject = ",
            $subject,
            " WHERE o.",
            $of,
            " = $1 AND d.day >= $2"
        )
    };
}

pub(crate) const CALLS_OF_TENANT: &str =
    calls!("installations", "'installation ' || o.app_id || ' ' || o.tenant_id", "tenant_id");
pub(crate) const CALLS_OF_CHANNEL: &str = calls!("refresh_tokens", "'credential ' || o.id", "channel");
pub(crate) const CALLS_OF_PERSON: &str = calls!("grants", "'credential ' || o.id", "person_id");
/// What a subject begins with is cut out of it: the engines do not agree on what comes between `app ` and the next word.
pub(crate) const BUSIEST: &str = "SELECT a.id, a.name, d.day, d.tokens, d.calls, d.errors
     FROM (SELECT subject, day, tokens, calls, errors FROM usage_days
           WHERE day = $1 AND SUBSTR(subject, 1, 4) = 'app ' ORDER BY calls DESC, tokens DESC, subject LIMIT $2) d
     JOIN apps a ON a.id = SUBSTR(d.subject, 5) ORDER BY d.calls DESC, d.tokens DESC, d.subject";
pub(crate) const SCOPES: &str = "SELECT scope FROM scope_uses WHERE app = $1 AND last_at >= $2";
pub(crate) const UNUSED: &str = "SELECT app, scope FROM scope_uses WHERE last_at < $1";

impl Store {
    /// The days since then on which there was something to count, that of `since` among them.
    pub async fn usage_days(&self, of: UsageOf, since: UnixTime) -> Result<Vec<UsageDay>, StoreError> {
        let select = sqlx::query(DAYS).bind(of.to_string()).bind(since.day().millis());
        self.db.all(select).await?.iter().map(day).collect()
    }

    /// How many calls were made since the beginning of the day of `since`.
    pub async fn calls_since(&self, of: UsageOf, since: UnixTime) -> Result<i64, StoreError> {
        let select = sqlx::query(CALLS).bind(of.to_string()).bind(since.day().millis());
        self.db.first(select).await?.map_or(Ok(0), |row| row.integer("calls"))
    }

    /// The same of several together.
    pub async fn calls_of_several(&self, of: &CallsOf, since: UnixTime) -> Result<i64, StoreError> {
        let (statement, of) = match of {
            CallsOf::Tenant(id) => (CALLS_OF_TENANT, id.to_string()),
            CallsOf::Channel(name) => (CALLS_OF_CHANNEL, name.to_string()),
            CallsOf::Person(id) => (CALLS_OF_PERSON, id.to_string()),
        };
        let select = sqlx::query(statement).bind(of).bind(since.day().millis());
        self.db.first(select).await?.map_or(Ok(0), |row| row.integer("calls"))
    }

    /// The apps that called most on the day of `at`, the busiest first.
    pub async fn busiest_apps(&self, at: UnixTime, limit: u32) -> Result<Vec<BusyApp>, StoreError> {
        let select = sqlx::query(BUSIEST).bind(at.day().millis()).bind(i64::from(limit));
        let busy =
            |row: &AnyRow| Ok(BusyApp { app: row.parsed("id")?, name: row.text("name")?, usage: day(row)? });
        self.db.all(select).await?.iter().map(busy).collect()
    }

    /// The scopes that calls of an app needed since then, and that were served.
    pub async fn used_scopes(&self, app: AppId, since: UnixTime) -> Result<ScopeSet, StoreError> {
        let select = sqlx::query(SCOPES).bind(app.to_string()).bind(since.minute().millis());
        self.db.all(select).await?.iter().map(|row| row.parsed("scope")).collect()
    }
}

/// Adds what was counted by the minute. Every node writes the sums in one order, and that of everybody last, so that no two
/// wait for each other in a circle, and none for long.
pub(crate) async fn add(
    transaction: &mut Transaction<'_, Any>,
    rows: &[&UsageRow],
) -> Result<(), StoreError> {
    let (mut uses, mut sums, mut everybody) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for UsageRow { key, counts } in rows {
        if key.scope.is_some() {
            use_scope(&mut uses, key, *counts);
            continue;
        }
        let day = key.minute.day();
        *everybody.entry((UsageOf::Everybody.to_string(), day)).or_default() += *counts;
        for subject in subjects(key) {
            *sums.entry((subject.to_string(), day)).or_default() += *counts;
        }
    }
    add_uses(transaction, uses).await?;
    add_sums(transaction, sums).await?;
    add_sums(transaction, everybody).await
}

type Uses = BTreeMap<(String, String), UnixTime>;
type Sums = BTreeMap<(String, UnixTime), UsageCounts>;

fn use_scope(uses: &mut Uses, UsageKey { minute, caller, scope, .. }: &UsageKey, counts: UsageCounts) {
    let app = caller.as_ref().and_then(|caller| caller.app);
    let (Some(app), Some(scope)) = (app, scope) else { return };
    if counts.calls <= counts.errors {
        return;
    }
    let last = uses.entry((app.to_string(), scope.to_string())).or_insert(*minute);
    *last = (*minute).max(*last);
}

/// To whom a row is counted besides everybody.
fn subjects(key: &UsageKey) -> impl Iterator<Item = UsageOf> {
    let app = key.caller.as_ref().and_then(|caller| caller.app);
    let credential = key.caller.as_ref().map(|caller| UsageOf::Credential(caller.credential));
    let installation = app.zip(key.tenant).map(|(app, tenant)| UsageOf::Installation(app, tenant));
    app.map(UsageOf::App).into_iter().chain(installation).chain(credential)
}

async fn add_uses(transaction: &mut Transaction<'_, Any>, uses: Uses) -> Result<(), StoreError> {
    let uses: Vec<_> = uses.into_iter().collect();
    for batch in uses.chunks(ROWS_AT_ONCE) {
        let insert = insert("scope_uses (app, scope, last_at)", 3, batch.len());
        let upsert = insert
            + " ON CONFLICT (app, scope) DO UPDATE SET last_at = excluded.last_at
                WHERE excluded.last_at > scope_uses.last_at";
        let mut upsert = sqlx::query(AssertSqlSafe(upsert));
        for ((app, scope), last) in batch {
            upsert = upsert.bind(app).bind(scope).bind(last.millis());
        }
        upsert.execute(&mut **transaction).await?;
    }
    Ok(())
}

async fn add_sums(transaction: &mut Transaction<'_, Any>, sums: Sums) -> Result<(), StoreError> {
    let sums: Vec<_> = sums.into_iter().collect();
    for batch in sums.chunks(ROWS_AT_ONCE) {
        let insert = insert("usage_days (subject, day, tokens, calls, errors)", 5, batch.len());
        let upsert = insert
            + " ON CONFLICT (subject, day) DO UPDATE SET
                tokens = usage_days.tokens + excluded.tokens, calls = usage_days.calls + excluded.calls,
                errors = usage_days.errors + excluded.errors";
        let mut upsert = sqlx::query(AssertSqlSafe(upsert));
        for ((subject, day), counts) in batch {
            let UsageCounts { tokens, calls, errors } = counts;
            upsert = upsert.bind(subject).bind(day.millis());
            upsert = upsert.bind(whole(*tokens)).bind(whole(*calls)).bind(whole(*errors));
        }
        upsert.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// What puts so many rows of so many values each into a table.
pub(crate) fn insert(table: &str, values: usize, rows: usize) -> String {
    let mut sql = format!("INSERT INTO {table} VALUES ");
    for row in 0..rows {
        let first = row * values + 1;
        let comma = if row == 0 { "" } else { ", " };
        let places = (first..first + values).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
        let _ = write!(sql, "{comma}({places})");
    }
    sql
}

/// Forgets scopes that were not used since `end`, and the days that were over then. Whoever does has written something, so
/// that `SQLite` lets it read before it writes.
pub(crate) async fn forget(transaction: &mut Transaction<'_, Any>, end: UnixTime) -> Result<(), StoreError> {
    let unused = sqlx::query(UNUSED).bind(end.millis()).fetch_all(&mut **transaction).await?;
    let mut unused: Vec<(String, String)> = unused
        .iter()
        .map(|row| Ok((row.text("app")?, row.text("scope")?)))
        .collect::<Result<_, StoreError>>()?;
    // In the order in which they are added to, one by one.
    unused.sort_unstable();
    for (app, scope) in unused {
        let delete = sqlx::query("DELETE FROM scope_uses WHERE app = $1 AND scope = $2 AND last_at < $3");
        delete.bind(app).bind(scope).bind(end.millis()).execute(&mut **transaction).await?;
    }
    let delete = sqlx::query("DELETE FROM usage_days WHERE day <= $1").bind(end.minus(DAY).millis());
    delete.execute(&mut **transaction).await?;
    Ok(())
}

fn day(row: &AnyRow) -> Result<UsageDay, StoreError> {
    Ok(UsageDay {
        day: row.time("day")?,
        tokens: row.integer("tokens")?,
        calls: row.integer("calls")?,
        errors: row.integer("errors")?,
    })
}
