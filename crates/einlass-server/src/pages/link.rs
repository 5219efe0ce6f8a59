//! A one-time link, shown once to the admin who hands it on.

use super::fault::Fault;
use super::frame::{Frame, page as render};
use super::visit::Visit;
use crate::Platform;
use askama::Template;
use axum::response::Response;
use einlass_protocol::secret::Secret;
use http::StatusCode;

#[derive(Template)]
#[template(path = "link.html")]
struct Shown<'v> {
    f: Frame<'v>,
    url: String,
    whose: &'v str,
    back: &'v str,
}

/// `path` is what comes before the code.
pub(super) fn show(
    (visit, platform): (&Visit, &Platform),
    path: &str,
    code: &Secret,
    whose: &str,
    back: &str,
) -> Result<Response, Fault> {
    let url = format!("{}{path}{}", platform.settings.public_url, code.expose());
    render(StatusCode::OK, &Shown { f: Frame::of(visit), url, whose, back })
}
