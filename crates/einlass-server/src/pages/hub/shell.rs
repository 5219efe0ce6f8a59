//! The App Shell: pages of apps, in frames of ours. Only the origins that the app registered are shown, and a script of ours
//! (`assets/shell.js`) is at the other end of the app's bridge.

use super::{AtApp, AtTenant};
use crate::Platform;
use crate::emulator::{Customer, customers};
use crate::hub::AppAt;
use crate::pages::assets;
use crate::pages::fault::Fault;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::{Framed, Visit};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::manifest::WebUrl;
use einlass_store::{Page, PageSize};
use http::StatusCode;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many installed apps are looked at for panes.
const APPS: u16 = 200;
/// How many panes a page shows: those of the apps that come first.
const WINDOWS: usize = 20;

#[derive(Template)]
#[template(path = "shell.html")]
struct Shell<'v> {
    f: Frame<'v>,
    at: AtTenant,
    title: String,
    script: &'static str,
    windows: Vec<Window>,
    /// Who may be chosen, where the ERP's page would be.
    customers: &'static [Customer],
}

/// A frame, and what is around it.
struct Window {
    /// What people read above it, where there are several.
    title: String,
    url: WebUrl,
    /// Below which path the script asks for the app.
    app: String,
    /// Whether this is the page that finishes an installation.
    is_setup: bool,
}

impl Window {
    fn of(at: &AtTenant, app: &AppAt, (title, url): (&str, &WebUrl), is_setup: bool) -> Self {
        let (title, url) = (title.to_owned(), url.clone());
        Self { title, url, app: format!("{}/apps/{}", at.path(), app.app.id), is_setup }
    }
}

/// The app's page that finishes an installation.
pub(super) async fn setup(visit: Visit, AtApp { at, found, .. }: AtApp) -> Result<Response, Fault> {
    let url =
        found.manifest.setup.as_ref().filter(|_| found.installation.is_some()).ok_or(Fault::NotFound)?;
    let title = found.manifest.name.clone();
    let window = Window::of(&at, &found, ("", url), found.is_being_set_up());
    show(&visit, at, title, vec![window], &[])
}

/// One of the app's pages in the menu.
pub(super) async fn item(visit: Visit, AtApp { at, found, item }: AtApp) -> Result<Response, Fault> {
    let known = found.manifest.menu.iter().filter(|_| found.installation.is_some());
    let item = known.clone().find(|known| known.id == item).ok_or(Fault::NotFound)?;
    let window = Window::of(&at, &found, ("", &item.url), false);
    show(&visit, at, item.name.clone(), vec![window], &[])
}

/// The panes of all apps beside one page of the ERP's. A platform that is there to be tried has customers to choose.
pub(super) async fn panes(
    visit: Visit,
    at: AtTenant,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let page = Page { after: None, size: PageSize::new(APPS).unwrap_or(PageSize::MOST) };
    let found = platform.store.apps_at(at.tenant.id, &page, platform.clock.wall()).await?;
    let mut windows = Vec::new();
    for app in found.into_iter().map(AppAt::from) {
        let panes = app.manifest.panes.iter().filter(|pane| pane.context == at.context);
        windows.extend(panes.map(|pane| Window::of(&at, &app, (&pane.title, &pane.url), false)));
    }
    windows.truncate(WINDOWS);
    if windows.is_empty() {
        return Err(Fault::NotFound);
    }
    let is_tried = platform.settings.demonstration.is_some() && at.context == "customers";
    let title = at.context.clone();
    show(&visit, at, title, windows, if is_tried { customers() } else { &[] })
}

fn show(
    visit: &Visit,
    at: AtTenant,
    title: String,
    windows: Vec<Window>,
    customers: &'static [Customer],
) -> Result<Response, Fault> {
    let origins: BTreeSet<&str> = windows.iter().map(|window| window.url.origin()).collect();
    let framed = Framed::of(&origins);
    let page = Shell { f: Frame::of(visit), at, title, script: assets::SHELL, windows, customers };
    let mut response = render(StatusCode::OK, &page)?;
    response.extensions_mut().insert(framed);
    Ok(response)
}
