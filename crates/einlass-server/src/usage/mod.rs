//! Usage: counted in memory and written in batches, so that no token and no call waits for it. A crash loses what was
//! counted since the last batch.

mod figures;

pub(crate) use figures::{AtWork, Figures, date};

use crate::Platform;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::{AppId, CredentialId, RegistrationId};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::scx::ScxClaims;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageBook, UsageCaller, UsageCounts, UsageRow, UsedCredential};
use einlass_store::StoreError;
use std::collections::BTreeMap;
use std::iter;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

/// How much is counted apart until it is written: some 20 MB when the store is away for long.
const MOST_ROWS: usize = 100_000;
/// How many sums are made at once, and how long one waits for those before it.
pub(crate) const MOST_SUMMING: usize = 2;
const PATIENCE: Duration = Duration::from_secs(5);
/// A scope that was not needed for this long is not needed.
pub(crate) const IN_USE_FOR: Duration = Duration::from_hours(30 * 24);

/// What was counted and is not written yet.
pub(crate) struct UsageCounter {
    book: Mutex<UsageBook>,
    /// Held while writing, so that no two batches hold the same secret up.
    writing: tokio::sync::Mutex<()>,
}

impl Default for UsageCounter {
    fn default() -> Self {
        Self { book: Mutex::new(UsageBook::of_at_most(MOST_ROWS)), writing: tokio::sync::Mutex::default() }
    }
}

impl UsageCounter {
    /// Counts a token.
    pub(crate) fn token(&self, claims: &AccessClaims) {
        let credential = UsedCredential::Secret(claims.credential_id);
        let caller = UsageCaller { app: Some(claims.app_id), credential };
        self.book().count(claims.issued_at, caller, None, iter::empty(), UsageCounts::TOKEN);
    }

    /// Counts a channel's or a seller's.
    pub(crate) fn auth_token(&self, claims: &ScxClaims) {
        let caller = UsageCaller { app: None, credential: UsedCredential::Secret(claims.credential_id) };
        self.book().count(claims.issued_at, caller, None, iter::empty(), UsageCounts::TOKEN);
    }

    fn add(&self, rows: Vec<UsageRow>) {
        let mut book = self.book();
        for row in rows {
            book.add(row);
        }
    }

    fn book(&self) -> MutexGuard<'_, UsageBook> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Platform {
    /// A turn to count or sum up all that there is, which may cost a second of the store: a few have one at once, and others do
    /// without.
    pub(crate) async fn turn_to_sum(&self) -> Option<SemaphorePermit<'_>> {
        timeout(PATIENCE, self.summing.acquire()).await.ok()?.ok()
    }

    /// Writes what tokens and calls were counted since the last time, the gateway's among them, and when secrets and
    /// keys were last used.
    ///
    /// # Errors
    /// When the store does not answer. What was counted is kept for the next time; where the store did what it was
    /// asked and could not say so, it is then counted twice.
    pub async fn write_usage(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.usage.writing.lock().await;
        self.usage.add(self.feed.take_usage());
        let rows = self.usage.book().take();
        let outcome = self.write(&rows).await;
        if outcome.is_err() {
            self.usage.add(rows);
        }
        outcome
    }

    async fn write(&self, rows: &[UsageRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        // First what does no harm when it is done again.
        let LastUses { secrets, refresh_tokens, keys } = last_uses(rows);
        self.store.note_secret_uses(&secrets.into_iter().collect::<Vec<_>>()).await?;
        for (token, at) in refresh_tokens {
            self.store.use_refresh_token(token, at).await?;
        }
        for (registration, at) in keys {
            self.store.use_api_key(registration, at).await?;
        }
        self.store.add_usage(rows).await
    }

    /// What an app asks for, and no served call of it has needed for thirty days. `None` when there is no such app.
    pub async fn unused_scopes(&self, app: AppId) -> Result<Option<ScopeSet>, StoreError> {
        let Some(known) = self.store.app(app).await? else {
            return Ok(None);
        };
        let used = self.store.used_scopes(app, self.clock.wall().minus(IN_USE_FOR)).await?;
        Ok(Some(known.scopes.difference(&used)))
    }
}

/// When what was counted was used last, by the minute.
#[derive(Default)]
struct LastUses {
    secrets: BTreeMap<CredentialId, UnixTime>,
    refresh_tokens: BTreeMap<CredentialId, UnixTime>,
    keys: BTreeMap<RegistrationId, UnixTime>,
}

/// A secret is used when it gets a token, a refresh token when it is exchanged for one; a call uses that, or the key.
fn last_uses(rows: &[UsageRow]) -> LastUses {
    let mut uses = LastUses::default();
    for UsageRow { key, counts } in rows {
        let Some(UsageCaller { app, credential }) = key.caller else { continue };
        match (credential, app) {
            (UsedCredential::Key(id), _) => note(&mut uses.keys, id, key.minute),
            (UsedCredential::Secret(_), _) if counts.tokens == 0 => {}
            (UsedCredential::Secret(id), Some(_)) => note(&mut uses.secrets, id, key.minute),
            (UsedCredential::Secret(id), None) => note(&mut uses.refresh_tokens, id, key.minute),
        }
    }
    uses
}

fn note<K: Ord>(uses: &mut BTreeMap<K, UnixTime>, id: K, minute: UnixTime) {
    let last = uses.entry(id).or_insert(minute);
    *last = minute.max(*last);
}
