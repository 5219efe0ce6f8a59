//! Whose pages may read in a browser what we answer: the origins of apps' pages, and of where their clients have people sent
//! back to. They are kept in the transactions that change these.

use crate::changes::{self, Change};
use crate::db::ReadColumn;
use crate::listings::Listing;
use crate::redirects::RedirectUris;
use crate::{Store, StoreError};
use einlass_protocol::ids::{AppId, ClientId};
use einlass_protocol::manifest::{Manifest, WebUrl};
use einlass_protocol::time::UnixTime;
use sqlx::{Any, Transaction};
use std::collections::BTreeSet;
use std::fmt;

/// Where a program on somebody's own machine listens at any port that is free (RFC 8252 §7.3): no browser shows a page from
/// there, and whoever has the port would be let in.
const ANY_PORT: &str = "http://127.0.0.1";

/// What has pages somewhere.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    App(AppId),
    Client(ClientId),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(id) => write!(f, "app {id}"),
            Self::Client(id) => write!(f, "client {id}"),
        }
    }
}

impl Source {
    fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("app", id) => id.parse().ok().map(Self::App),
            ("client", id) => id.parse().ok().map(Self::Client),
            _ => None,
        }
    }
}

pub(crate) const BY_ORIGIN: &str = "SELECT source FROM origins WHERE origin = $1 LIMIT 1";
pub(crate) const OF_SOURCE: &str = "SELECT origin FROM origins WHERE source = $1";

impl Store {
    /// Whether an app has registered this origin, in the spelling of browsers: a page of its manifest is there, or a client of
    /// it has people sent back there when they signed in.
    pub async fn is_registered_origin(&self, origin: &str) -> Result<bool, StoreError> {
        Ok(self.db.first(sqlx::query(BY_ORIGIN).bind(origin)).await?.is_some())
    }

    /// Reads the origins of what was there before origins were kept. Of many nodes one reads each.
    pub(crate) async fn read_unread_origins(&self) -> Result<(), StoreError> {
        let unread = self.db.all(sqlx::query("SELECT source FROM origins_unread ORDER BY source")).await?;
        for row in &unread {
            let Some(source) = Source::parse(&row.text("source")?) else { continue };
            let mut transaction = self.db.begin().await?;
            if !take_unread(&mut transaction, &source).await? {
                continue;
            }
            let origins = self.origins_of(&source).await?;
            write(&mut transaction, &source, &origins).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    async fn origins_of(&self, source: &Source) -> Result<BTreeSet<String>, StoreError> {
        match source {
            Source::App(id) => {
                let manifest = self.listing(*id).await?.and_then(|Listing { manifest, .. }| manifest);
                Ok(manifest.map(|manifest| of_manifest(&manifest)).unwrap_or_default())
            }
            Source::Client(id) => Ok(of_uris(&self.redirect_uris(id).await?)),
        }
    }
}

/// The origins of an app's pages. What is no manifest has none.
pub(crate) fn of_manifest(text: &str) -> BTreeSet<String> {
    let manifest = Manifest::read(text).unwrap_or_default();
    manifest.framed().into_iter().map(String::from).collect()
}

/// The origins of where people are sent back to with a code.
pub(crate) fn of_uris(uris: &RedirectUris) -> BTreeSet<String> {
    let uris = uris.login.iter().filter_map(|uri| uri.parse::<WebUrl>().ok());
    uris.map(|uri| uri.origin().to_owned()).filter(|origin| origin != ANY_PORT).collect()
}

/// Where a source has pages from now on. Says whether that is something new.
pub(crate) async fn replace(
    transaction: &mut Transaction<'_, Any>,
    source: &Source,
    origins: &BTreeSet<String>,
) -> Result<bool, StoreError> {
    // What is said now is newer than what was not read yet.
    take_unread(transaction, source).await?;
    let before = sqlx::query(OF_SOURCE).bind(source.to_string()).fetch_all(&mut **transaction).await?;
    let before = before.iter().map(|row| row.text("origin")).collect::<Result<BTreeSet<_>, _>>()?;
    if before == *origins {
        return Ok(false);
    }
    let delete = sqlx::query("DELETE FROM origins WHERE source = $1").bind(source.to_string());
    delete.execute(&mut **transaction).await?;
    write(transaction, source, origins).await?;
    Ok(true)
}

/// Has other nodes hear of it, if it was something new; gives what they hear. Comes last in a transaction.
pub(crate) async fn tell(
    transaction: &mut Transaction<'_, Any>,
    is_new: bool,
    now: UnixTime,
) -> Result<Vec<Change>, StoreError> {
    if !is_new {
        return Ok(Vec::new());
    }
    changes::record(transaction, &Change::Origins, now).await?;
    Ok(vec![Change::Origins])
}

/// Takes a source from those that are still to be read. Says whether it was one of them.
async fn take_unread(transaction: &mut Transaction<'_, Any>, source: &Source) -> Result<bool, StoreError> {
    let delete = sqlx::query("DELETE FROM origins_unread WHERE source = $1").bind(source.to_string());
    Ok(delete.execute(&mut **transaction).await?.rows_affected() > 0)
}

async fn write(
    transaction: &mut Transaction<'_, Any>,
    source: &Source,
    origins: &BTreeSet<String>,
) -> Result<(), StoreError> {
    for origin in origins {
        sqlx::query("INSERT INTO origins (origin, source) VALUES ($1, $2)")
            .bind(origin)
            .bind(source.to_string())
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
