//! What stands before everything dangerous: what will stop working, and how much rests on it.

use super::fault::Fault;
use super::frame::{Frame, page as render};
use askama::Template;
use axum::response::Response;
use einlass_protocol::time::UnixTime;
use http::StatusCode;

/// Something that is about to end.
#[derive(Template)]
#[template(path = "ending.html")]
pub(super) struct Ending<'v> {
    pub(super) f: Frame<'v>,
    /// Where one comes from and goes back to, and what that is called.
    pub(super) from: (String, String),
    pub(super) words: Words,
    pub(super) facts: Facts,
    /// Where the form goes, and what it says besides, by name.
    pub(super) form: (String, Option<(&'static str, String)>),
}

/// What is said of it: the question, what stops in a sentence, and what the button does.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) ask: &'static str,
    pub(super) what: &'static str,
    pub(super) verb: &'static str,
}

/// What it is, and how much rests on it.
pub(super) type Facts = Vec<(&'static str, Fact)>;

pub(super) enum Fact {
    Text(String),
    Code(String),
    Number(i64),
    /// Nothing: never.
    Time(Option<UnixTime>),
}

impl Ending<'_> {
    pub(super) fn page(self) -> Result<Response, Fault> {
        render(StatusCode::OK, &self)
    }
}
