//! A list of things that each have a page here.

use super::words::Console;
use crate::pages::frame::Frame;
use crate::pages::lists::Row;
use askama::Template;

#[derive(Template)]
#[template(path = "console/rows.html")]
pub(super) struct RowList<'v> {
    pub(super) f: Frame<'v>,
    pub(super) p: &'static Console,
    /// Which part of the console it is.
    pub(super) here: &'static str,
    pub(super) heading: &'static str,
    pub(super) hint: Option<&'static str>,
    /// What may be looked for, where something may.
    pub(super) find: Option<&'static str>,
    pub(super) search: String,
    pub(super) is_first: bool,
    pub(super) rows: Vec<Row>,
    /// What stands for no rows.
    pub(super) none: &'static str,
    /// Behind which the next page begins.
    pub(super) more: Option<String>,
}
