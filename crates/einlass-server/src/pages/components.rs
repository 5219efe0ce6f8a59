//! `/dev/components`: every building block of the pages, to look at and to take.

use super::fault::Fault;
use super::frame::{Frame, page as render};
use super::visit::Visit;
use crate::Platform;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "components_page.html")]
struct Components<'v> {
    f: Frame<'v>,
    now: super::frame::Moment,
}

pub(super) async fn page(visit: Visit, State(platform): State<Arc<Platform>>) -> Result<Response, Fault> {
    let f = Frame::of(&visit);
    let f = f.saying(Some("Notice"));
    let now = f.moment(&platform.clock.wall());
    render(StatusCode::OK, &Components { f, now })
}
