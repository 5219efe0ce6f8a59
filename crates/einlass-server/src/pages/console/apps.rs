//! `/admin/apps`: those that wait for publication, and every app by name.

use super::Operator;
use super::words::Console;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::Asked;
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more, tidy};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::AppId;
use einlass_store::{App, Listing, ListingState};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/apps.html")]
struct AppList<'v> {
    f: Frame<'v>,
    p: &'static Console,
    search: String,
    is_first: bool,
    /// The first of them; the others move up when these are decided.
    waiting: Vec<Listing>,
    apps: Vec<App>,
    /// Behind which app the next page begins.
    more: Option<AppId>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    search: String,
    after: Option<AppId>,
}

pub(super) async fn page(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { search, after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let (search, is_first) = (tidy(&search), after.is_none());
    let waiting = if is_first && search.is_empty() {
        platform.store.listings_in(ListingState::Submitted, "", &behind(None)).await?
    } else {
        Vec::new()
    };
    let mut apps = platform.store.apps_named_like(None, &search, &behind(after)).await?;
    let more = more(&mut apps, |app| app.id);
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    render(StatusCode::OK, &AppList { f, p, search, is_first, waiting, apps, more })
}
