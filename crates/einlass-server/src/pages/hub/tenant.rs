//! `/hub/{tenant}`: its apps, as tiles.

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
use einlass_store::{Page, PageSize};
use http::StatusCode;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many apps a page shows.
const APPS: u16 = 50;

#[derive(Template)]
#[template(path = "tenant.html")]
struct TenantPage<'v> {
    f: Frame<'v>,
    at: AtTenant,
    apps: Vec<AppAt>,
    /// What apps have pages beside.
    contexts: BTreeSet<String>,
    /// Behind which app the next page begins.
    more: Option<AppId>,
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
    let found = platform.store.apps_at(at.tenant.id, &page, platform.clock.wall()).await?;
    let more = found.last().map(|last| last.listing.app.id).filter(|_| found.len() == usize::from(APPS));
    let apps: Vec<AppAt> = found.into_iter().map(AppAt::from).collect();
    let contexts = apps.iter().flat_map(|app| &app.manifest.panes).map(|pane| pane.context.clone()).collect();
    render(StatusCode::OK, &TenantPage { f: Frame::of(&visit), at, apps, contexts, more })
}
