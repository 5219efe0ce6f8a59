//! `/onprem`: where a merchant lets apps in on its own premises.

use super::fault::Fault;
use super::frame::{Frame, page as render};
use super::visit::{Me, Visit};
use crate::Platform;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new().route("/onprem", get(page))
}

#[derive(Template)]
#[template(path = "onprem.html")]
struct OnPremise<'v> {
    f: Frame<'v>,
}

async fn page(visit: Visit, _: Me) -> Result<Response, Fault> {
    render(StatusCode::OK, &OnPremise { f: Frame::of(&visit) })
}
