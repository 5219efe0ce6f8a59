//! `/onprem/{database}`: an ERP: waiting for an app, and the apps that are or were there.

use super::AtSite;
use crate::Platform;
use crate::onprem::Shown;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::RegistrationId;
use einlass_store::{Registration, RegistrationState, Site};
use http::header::REFRESH;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use std::sync::Arc;

/// How often the page is looked at again while somebody waits, in seconds: without any script.
const LOOK_AGAIN: HeaderValue = HeaderValue::from_static("3");

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage<'v> {
    f: Frame<'v>,
    site: Site,
    /// Where apps have to send their registration.
    base: String,
    /// Minutes and seconds that are left of the wait, if there is one.
    left: Option<(u64, u64)>,
    rows: Vec<Row>,
    /// Behind which the next page begins.
    more: Option<RegistrationId>,
}

struct Row {
    registration: Registration,
    shown: Shown,
}

impl Row {
    fn is_pending(&self) -> bool {
        self.registration.state == RegistrationState::Pending
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<RegistrationId>,
}

pub(super) async fn page(
    visit: Visit,
    AtSite { site, .. }: AtSite,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let mut found = platform.store.registrations_of(site.id, &behind(after)).await?;
    let more = more(&mut found, |registration| registration.id);
    let row = |registration: Registration| {
        let shown = Shown::of_text(&registration.manifest, &registration.app_id);
        Row { registration, shown }
    };
    let rows: Vec<Row> = found.into_iter().map(row).collect();
    let left = site.waiting_until.map(|until| until.since(platform.clock.wall()).as_secs());
    let left = left.filter(|left| *left > 0).map(|left| (left / 60, left % 60));
    let home = platform.settings.origin_of(visit.place.surface);
    let base = format!("{home}/api/{}", site.database);
    let is_waiting = left.is_some();
    let f = Frame::of(&visit);
    let mut response = render(StatusCode::OK, &SitePage { f, site, base, left, rows, more })?;
    if is_waiting {
        response.headers_mut().insert(REFRESH, LOOK_AGAIN);
    }
    Ok(response)
}

pub(super) async fn wait(
    visit: Visit,
    at: AtSite,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    set(&platform, &visit, &at, true).await
}

pub(super) async fn stop(
    visit: Visit,
    at: AtSite,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    set(&platform, &visit, &at, false).await
}

async fn set(platform: &Platform, visit: &Visit, at: &AtSite, waits: bool) -> Result<Response, Fault> {
    let actor = acting(&at.me.person, &visit.browser);
    platform.await_registration(&at.site, waits, &actor).await?;
    Ok(Redirect::to(&format!("/onprem/{}", at.site.database)).into_response())
}
