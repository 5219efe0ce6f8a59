//! `/hub/{tenant}/apps`: the apps that a merchant could have: what is published, and what it makes itself.

use super::AtTenant;
use crate::Platform;
use crate::hub::AppAt;
use crate::pages::fault::Fault;
use crate::pages::form::Asked;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::AppId;
use einlass_store::{ListingState, Page, PageSize};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// How many apps a page shows.
const APPS: u16 = 50;

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Catalogue<'v> {
    f: Frame<'v>,
    at: AtTenant,
    apps: Vec<AppAt>,
    /// Behind which app the next page begins.
    more: Option<AppId>,
}

impl Catalogue<'_> {
    #[expect(clippy::unused_self, reason = "templates have methods")]
    fn is_published(&self, app: &AppAt) -> bool {
        app.state == ListingState::Published
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<AppId>,
}

pub(super) async fn page(
    visit: Visit,
    at: AtTenant,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let page = Page { after, size: PageSize::new(APPS).unwrap_or(PageSize::MOST) };
    let found = platform.store.offered_apps(at.tenant.organisation, &page).await?;
    let more = found.last().map(|last| last.app.id).filter(|_| found.len() == usize::from(APPS));
    let apps = found.into_iter().map(AppAt::from).collect();
    render(StatusCode::OK, &Catalogue { f: Frame::of(&visit), at, apps, more })
}
