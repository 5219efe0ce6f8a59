//! What pages list: what is looked for, one page of it, and where the next one begins.

use einlass_store::{Page, PageSize};

/// How many rows a page of a list has.
pub(super) const ROWS: u16 = 50;

/// One that leads somewhere.
pub(super) struct Row {
    pub(super) path: String,
    pub(super) name: String,
    /// What machines call it.
    pub(super) code: String,
}

/// A list on a page that has several.
pub(super) struct Part {
    /// What the page is asked for behind which the list goes on.
    pub(super) id: &'static str,
    pub(super) heading: &'static str,
    pub(super) rows: Vec<Row>,
    /// Behind which the next page begins.
    pub(super) more: Option<String>,
}

impl Part {
    pub(super) fn of<T>(
        (id, heading): (&'static str, &'static str),
        found: &[T],
        key: impl Fn(&T) -> String,
        row: impl Fn(&T) -> Row,
    ) -> Self {
        let more = more(found, key);
        Self { id, heading, rows: found.iter().map(row).collect(), more }
    }
}

/// A page that begins behind this.
pub(super) fn behind<K>(after: Option<K>) -> Page<K> {
    Page { after, size: PageSize::new(ROWS).unwrap_or(PageSize::MOST) }
}

/// Behind which the next page begins, if this one is full.
pub(super) fn more<T, K>(found: &[T], key: impl Fn(&T) -> K) -> Option<K> {
    found.last().filter(|_| found.len() == usize::from(ROWS)).map(key)
}

const MOST_SEARCH_CHARACTERS: usize = 100;

/// What is looked for, without what nothing is called.
pub(super) fn tidy(search: &str) -> String {
    search.trim().chars().filter(|sign| !sign.is_control()).take(MOST_SEARCH_CHARACTERS).collect()
}
