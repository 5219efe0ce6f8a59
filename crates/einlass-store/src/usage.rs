//! Usage: how many tokens and calls there were, minute by minute. Written in batches; nobody waits for it.

use crate::db::ReadColumn;
use crate::usage_days;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageKey, UsageRow};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// What sums are made by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UsageBy {
    /// The app.
    App,
    /// The tenant: calls alone, and none that was refused before the tenant was known to have the app.
    Tenant,
    /// The scopes that calls needed. A call counts once for each of them.
    Scope,
    /// The secret that tokens came from.
    Secret,
}

/// What to sum. What is `None` does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct UsageFilter {
    /// Of this app alone.
    pub app: Option<AppId>,
    /// At this tenant alone.
    pub tenant: Option<TenantId>,
    /// In the minute of this time and later.
    pub since: Option<UnixTime>,
    /// In minutes that begin before this time.
    pub until: Option<UnixTime>,
}

/// A sum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UsageSum {
    /// The app's, tenant's or secret's id or the scope, or `other` for what there was too much of to count apart.
    pub key: String,
    /// How many tokens were issued.
    pub tokens: i64,
    /// How many calls were made.
    pub calls: i64,
    /// How many of them were refused or failed.
    pub errors: i64,
    /// The last minute in which there were any.
    pub last_at: UnixTime,
}

/// How many rows are written by one statement: eight values each, of which `SQLite` takes 32 766 and PostgreSQL 65 535.
pub(crate) const ROWS_AT_ONCE: usize = 500;
/// What was counted together for want of room.
const OTHER: &str = "other";

impl UsageBy {
    /// The column, and whether the rows that count have a scope.
    const fn column(self) -> (&'static str, bool) {
        match self {
            Self::App => ("app", false),
            Self::Tenant => ("tenant", false),
            Self::Scope => ("scope", true),
            Self::Secret => ("credential", false),
        }
    }
}

impl Store {
    /// Adds to what was counted before: all of it or nothing. No two rows may have the same key.
    pub async fn add_usage(&self, rows: &[UsageRow]) -> Result<(), StoreError> {
        let mut transaction = self.db.begin().await?;
        // In one order at every node, so that no two wait for each other.
        let mut rows: Vec<&UsageRow> = rows.iter().collect();
        rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        for batch in rows.chunks(ROWS_AT_ONCE) {
            let mut upsert = sqlx::query(AssertSqlSafe(upsert(batch.len())));
            for UsageRow { key, counts } in batch {
                let UsageKey { minute, caller, tenant, scope } = key;
                let (app, credential) = match caller {
                    Some(caller) => {
                        let app = caller.app.map_or_else(String::new, |app| app.to_string());
                        (app, caller.credential.to_string())
                    }
                    None => (OTHER.into(), OTHER.into()),
                };
                upsert = upsert
                    .bind(minute.millis())
                    .bind(app)
                    .bind(tenant.map_or_else(String::new, |tenant| tenant.to_string()))
                    .bind(credential)
                    .bind(scope.as_ref().map_or_else(String::new, ToString::to_string))
                    .bind(whole(counts.tokens))
                    .bind(whole(counts.calls))
                    .bind(whole(counts.errors));
            }
            upsert.execute(&mut *transaction).await?;
        }
        usage_days::add(&mut transaction, &rows).await?;
        Ok(transaction.commit().await?)
    }

    /// Sums, the busiest first, at most `limit`.
    pub async fn usage(
        &self,
        by: UsageBy,
        filter: &UsageFilter,
        limit: u32,
    ) -> Result<Vec<UsageSum>, StoreError> {
        let (column, has_scope) = by.column();
        let scope = if has_scope { "<>" } else { "=" };
        let select = format!(
            "SELECT {column} AS subject, CAST(SUM(tokens) AS BIGINT) AS tokens, CAST(SUM(calls) AS BIGINT) AS calls,
                    CAST(SUM(errors) AS BIGINT) AS errors, MAX(minute) AS last_at
             FROM usage
             WHERE minute >= $1 AND minute < $2 AND ($3 = '' OR app = $3) AND ($4 = '' OR tenant = $4)
               AND scope {scope} '' AND {column} <> ''
             GROUP BY {column} ORDER BY SUM(tokens) + SUM(calls) DESC, {column} LIMIT $5"
        );
        let select = sqlx::query(AssertSqlSafe(select))
            .bind(filter.since.map_or(i64::MIN, |since| since.minute().millis()))
            .bind(filter.until.map_or(i64::MAX, UnixTime::millis))
            .bind(filter.app.map_or_else(String::new, |app| app.to_string()))
            .bind(filter.tenant.map_or_else(String::new, |tenant| tenant.to_string()))
            .bind(i64::from(limit));
        self.db.all(select).await?.iter().map(sum).collect()
    }

    /// Forgets what was counted before `end`, and the sums of days that were over then. Says how many rows.
    pub async fn forget_usage(&self, end: UnixTime) -> Result<u64, StoreError> {
        let mut transaction = self.db.begin().await?;
        let delete = sqlx::query("DELETE FROM usage WHERE minute < $1").bind(end.millis());
        let forgotten = delete.execute(&mut *transaction).await?.rows_affected();
        usage_days::forget(&mut transaction, end).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }
}

fn upsert(rows: usize) -> String {
    let table = "usage (minute, app, tenant, credential, scope, tokens, calls, errors)";
    usage_days::insert(table, 8, rows)
        + " ON CONFLICT (minute, app, tenant, credential, scope) DO UPDATE SET
                tokens = usage.tokens + excluded.tokens, calls = usage.calls + excluded.calls,
                errors = usage.errors + excluded.errors"
}

pub(crate) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn sum(row: &AnyRow) -> Result<UsageSum, StoreError> {
    Ok(UsageSum {
        key: row.text("subject")?,
        tokens: row.integer("tokens")?,
        calls: row.integer("calls")?,
        errors: row.integer("errors")?,
        last_at: row.time("last_at")?,
    })
}
