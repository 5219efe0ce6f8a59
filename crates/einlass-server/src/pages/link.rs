//! A one-time link, shown once to the admin who hands it on.

use super::fault::Fault;
use super::frame::{Frame, page as render};
use super::visit::Visit;
use crate::people::HandedOn;
use askama::Template;
use axum::response::Response;
use http::StatusCode;

#[derive(Template)]
#[template(path = "link.html")]
struct Shown<'v> {
    f: Frame<'v>,
    handed_on: &'v HandedOn,
    back: &'v str,
}

pub(super) fn show(visit: &Visit, handed_on: &HandedOn, back: &str) -> Result<Response, Fault> {
    render(StatusCode::OK, &Shown { f: Frame::of(visit), handed_on, back })
}
