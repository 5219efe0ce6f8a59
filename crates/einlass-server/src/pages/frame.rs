//! What every page shows, and how it leaves.

use super::fault::Fault;
use super::local::Local;
use super::place::Place;
use super::visit::Visit;
use super::words::Words;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use einlass_protocol::language::Language;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::time::UnixTime;
use einlass_store::Person;
use http::StatusCode;
use jiff::Timestamp;

/// What every template begins with.
pub(super) struct Frame<'v> {
    /// What pages say.
    pub(super) w: &'static Words,
    pub(super) language: Language,
    /// Whose page it is.
    pub(super) place: &'v Place,
    /// Who is signed in.
    pub(super) person: Option<&'v Person>,
    /// Where the page is, to come back to it.
    pub(super) here: Local,
    pub(super) style: &'static str,
    pub(super) icon: &'static str,
    /// What to say first, above everything: that something was done.
    pub(super) notice: Option<&'static str>,
}

impl<'v> Frame<'v> {
    pub(super) fn of(visit: &'v Visit) -> Self {
        Self {
            w: Words::in_language(visit.language),
            language: visit.language,
            place: &visit.place,
            person: visit.signed_in.as_ref().map(|signed_in| &signed_in.person),
            here: visit.here.clone(),
            style: super::assets::STYLE,
            icon: super::assets::ICON,
            notice: None,
        }
    }

    pub(super) fn saying(self, notice: Option<&'static str>) -> Self {
        Self { notice, ..self }
    }

    /// What the surface is called, if it is one.
    pub(super) fn surface(&self) -> Option<&'static str> {
        Some(self.w.surface(self.place.surface?))
    }

    /// What stands before the paths of signing out and choosing a language.
    pub(super) fn base(&self) -> &'static str {
        self.place.surface.map_or("", FirstParty::path)
    }

    /// The language that the page is not in.
    pub(super) fn other(&self) -> &'static str {
        match self.language {
            Language::German => Language::English.tag(),
            Language::English => Language::German.tag(),
        }
    }

    /// A time for people, and for machines. What their clocks say no server knows: it is UTC.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) fn moment(&self, time: &UnixTime) -> Moment {
        let timestamp = Timestamp::from_millisecond(time.millis()).unwrap_or_default();
        let pattern = match self.language {
            Language::German => "%d.%m.%Y %H:%M UTC",
            Language::English => "%Y-%m-%d %H:%M UTC",
        };
        Moment { machine: timestamp.to_string(), shown: timestamp.strftime(pattern).to_string() }
    }
}

/// A point in time in both spellings.
pub(super) struct Moment {
    pub(super) machine: String,
    pub(super) shown: String,
}

/// A page with this status.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Result<Response, Fault> {
    let html = template.render().map_err(|_| Fault::Template)?;
    Ok((status, Html(html)).into_response())
}
