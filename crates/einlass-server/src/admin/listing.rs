//! Lists in pages: which part is asked for, and how it is answered.

use super::AdminError;
use einlass_store::{Page, PageSize};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How much of a list: 100 when left out.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u16")]
pub(super) struct Limit(pub(super) PageSize);

impl TryFrom<u16> for Limit {
    type Error = &'static str;

    fn try_from(rows: u16) -> Result<Self, Self::Error> {
        PageSize::new(rows).map(Self).ok_or("send a limit from 1 to 500")
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(PageSize::new(100).unwrap_or(PageSize::MOST))
    }
}

/// Which part of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paging {
    after: Option<String>,
    #[serde(default)]
    limit: Limit,
}

impl Paging {
    pub(super) fn page<K: FromStr>(self) -> Result<Page<K>, AdminError> {
        let after = self.after.map(|key| after(&key)).transpose()?;
        Ok(Page { after, size: self.limit.0 })
    }
}

/// The key that a page begins behind.
pub(super) fn after<K: FromStr>(key: &str) -> Result<K, AdminError> {
    key.parse().map_err(|_| AdminError::BadRequest("after: send `next` of the page before".into()))
}

/// A page.
#[derive(Debug, Serialize)]
pub(super) struct Listing<T> {
    items: Vec<T>,
    /// What to ask for next; `None` at the end.
    next: Option<String>,
}

impl<T> Listing<T> {
    /// The page of these rows, of which there may be so many. A full page may be the last one; the next is empty then.
    pub(super) fn of<R>(
        rows: Vec<R>,
        size: PageSize,
        key: impl Fn(&R) -> String,
        show: impl Fn(R) -> T,
    ) -> Self {
        let is_full = rows.len() >= usize::from(size.rows());
        let next = rows.last().filter(|_| is_full).map(key);
        Self { items: rows.into_iter().map(show).collect(), next }
    }
}
