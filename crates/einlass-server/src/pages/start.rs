//! `/`: in `einlass dev` where a newcomer begins, elsewhere one's account.

use super::fault::Fault;
use super::frame::{Frame, page as render};
use super::visit::Visit;
use crate::Platform;
use crate::emulator::{DemonstrationPeople, DemonstrationPerson};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::oauth::FirstParty;
use http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "start.html")]
struct Start<'v> {
    f: Frame<'v>,
    url: &'v str,
    people: [(&'static str, FirstParty, &'v DemonstrationPerson); 3],
}

pub(super) async fn page(visit: Visit, State(platform): State<Arc<Platform>>) -> Result<Response, Fault> {
    let settings = &platform.settings;
    let Some(demo) = &settings.demonstration else { return Ok(Redirect::to("/me").into_response()) };
    let (f, DemonstrationPeople { merchant, partner, operator }) = (Frame::of(&visit), &demo.people);
    let people = [
        (f.w.merchant, FirstParty::Hub, merchant),
        (f.w.partner, FirstParty::Partner, partner),
        (f.w.operator, FirstParty::Console, operator),
    ];
    render(StatusCode::OK, &Start { f, url: &settings.public_url, people })
}
