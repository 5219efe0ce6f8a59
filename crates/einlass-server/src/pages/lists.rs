//! What pages list: what is looked for, one page of it, and where the next one begins.

use einlass_store::{Page, PageSize};

/// How many rows a page of a list has.
const ROWS: u16 = 50;

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
        mut found: Vec<T>,
        key: impl Fn(&T) -> String,
        row: impl Fn(&T) -> Row,
    ) -> Self {
        let more = more(&mut found, key);
        Self { id, heading, rows: found.iter().map(row).collect(), more }
    }
}

/// A page that begins behind this, and a row more, by which one knows whether another page follows.
pub(super) fn behind<K>(after: Option<K>) -> Page<K> {
    Page { after, size: PageSize::new(ROWS + 1).unwrap_or(PageSize::MOST) }
}

/// Behind which the next page begins, if there is one. Of what [`behind`] found a page is left.
pub(super) fn more<T, K>(found: &mut Vec<T>, key: impl Fn(&T) -> K) -> Option<K> {
    let is_cut = found.len() > usize::from(ROWS);
    found.truncate(usize::from(ROWS));
    found.last().filter(|_| is_cut).map(key)
}

const MOST_SEARCH_CHARACTERS: usize = 100;

/// What is looked for, without what nothing is called.
pub(super) fn tidy(search: &str) -> String {
    search.trim().chars().filter(|sign| !sign.is_control()).take(MOST_SEARCH_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leads_on_where_something_follows_and_nowhere_else() {
        for (rows, shown, leads_on_behind) in
            [(0, 0, None), (49, 49, None), (50, 50, None), (51, 50, Some(49))]
        {
            let mut found: Vec<u16> = (0..rows).collect();
            assert_eq!(more(&mut found, |row| *row), leads_on_behind, "{rows} rows");
            assert_eq!(found.len(), shown);
        }
        assert_eq!(behind::<()>(None).size.rows(), 51);
    }
}
