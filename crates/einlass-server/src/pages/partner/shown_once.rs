//! Something that proves a caller: what it is asked for with, and that it is shown once, with a file for the program that needs it.

use super::words::Portal;
use crate::pages::assets;
use crate::pages::fault::Fault;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::pages::words::Words;
use askama::Template;
use axum::response::Response;
use einlass_protocol::secret::Secret;
use http::StatusCode;
use serde::Deserialize;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// The form that asks for one.
#[derive(Template)]
#[template(path = "partner/new_secret.html")]
pub(super) struct Wish<'v> {
    pub(super) f: Frame<'v>,
    pub(super) p: &'static Portal,
    /// Where one comes from, and what that is called.
    pub(super) from: (String, String),
    pub(super) title: &'static str,
    /// Where the form goes, and what it says besides, by name.
    pub(super) form: (String, Option<(&'static str, String)>),
    pub(super) name: String,
    pub(super) fault: Option<&'static str>,
}

/// Whose it is, thing by thing.
type Facts = Vec<(&'static str, String)>;

/// One that was just made.
#[derive(Template)]
#[template(path = "partner/secret.html")]
pub(super) struct ShownOnce<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    from: (String, String),
    title: &'static str,
    facts: Facts,
    secret: Secret,
    /// What a program reads.
    file: String,
    script: &'static str,
}

/// What a form says of one.
#[derive(Deserialize)]
pub(super) struct Wished {
    pub(super) name: String,
    #[serde(default)]
    days: String,
}

impl Wished {
    /// How long it is to count; nothing: until it is ended.
    pub(super) fn lasts(&self) -> Result<Option<Duration>, Fault> {
        match self.days.as_str() {
            "" => Ok(None),
            days => days.parse::<u16>().map(|days| Some(DAY * days.into())).map_err(|_| Fault::Unreadable),
        }
    }
}

impl Wish<'_> {
    pub(super) fn page(self) -> Result<Response, Fault> {
        let status = if self.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        render(status, &self)
    }
}

impl<'v> ShownOnce<'v> {
    /// The page of one: what it is called and whose it is. `variables` are what a program reads besides it.
    pub(super) fn page(
        visit: &'v Visit,
        from: (String, String),
        what: impl FnOnce(&Words, &Portal) -> (&'static str, Facts),
        variables: &[(&str, String)],
        (variable, secret): (&str, Secret),
    ) -> Result<Response, Fault> {
        let (f, p) = (Frame::of(visit), Portal::in_language(visit.language));
        let file = file(variables, variable, &secret);
        let ((title, facts), script) = (what(f.w, p), assets::PORTAL);
        render(StatusCode::OK, &Self { f, p, from, title, facts, secret, file, script })
    }
}

/// What a program reads, as an address that is a file: so it is on no server.
fn file(variables: &[(&str, String)], variable: &str, secret: &Secret) -> String {
    let known: String = variables.iter().map(|(name, value)| [name, "=", value, "\n"].concat()).collect();
    let text = format!(
        "# Secret. Never commit this file: keep it out of every repository, image and log.\n\
         {known}{variable}={}\n",
        secret.expose()
    );
    let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
    format!("data:text/plain;charset=utf-8,{encoded}")
}
