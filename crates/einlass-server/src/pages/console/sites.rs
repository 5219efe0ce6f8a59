//! `/admin/sites` and `/admin/sites/{database}`: ERPs on merchants' own premises, and the apps that have a key there. Who is let
//! in their own admins decide, at `/onprem`.

use super::Operator;
use super::rows::RowList;
use super::words::Console;
use crate::Platform;
use crate::onprem::Shown;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{Row, behind, more};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::{RegistrationId, SiteId};
use einlass_protocol::onprem::DatabaseName;
use einlass_store::{Organisation, Registration, RegistrationState, Site};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/site.html")]
struct SitePage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    site: Site,
    owner: Organisation,
    registrations: Vec<(Registration, Shown)>,
    more: Option<RegistrationId>,
    may_change: bool,
}

impl SitePage<'_> {
    /// Whether there is a key, or will be one, that can be ended.
    fn has_key(&self, registration: &Registration) -> bool {
        let counts = [RegistrationState::Accepted, RegistrationState::Active];
        self.may_change && counts.contains(&registration.state)
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<SiteId>,
}

#[derive(Deserialize)]
pub(super) struct WantedRegistrations {
    #[serde(default)]
    done: String,
    after: Option<RegistrationId>,
}

pub(super) async fn list(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let mut sites = platform.store.sites(&behind(after)).await?;
    let more = more(&mut sites, |site| site.id.to_string());
    let row = |Site { database, name, .. }: Site| Row {
        path: format!("/admin/sites/{database}"),
        name,
        code: database.to_string(),
    };
    let rows = sites.into_iter().map(row).collect();
    let (f, p, is_first) = (Frame::of(&visit), Console::in_language(visit.language), after.is_none());
    let list = RowList {
        here: "/admin/sites",
        heading: p.sites,
        hint: Some(p.sites_what),
        find: None,
        search: String::new(),
        none: p.no_sites,
        f,
        p,
        is_first,
        rows,
        more,
    };
    render(StatusCode::OK, &list)
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(WantedRegistrations { done, after }): Asked<WantedRegistrations>,
) -> Result<Response, Fault> {
    let store = &platform.store;
    let database: DatabaseName = named.parse().map_err(|_| Fault::NotFound)?;
    let site = store.site_of_database(&database).await?.ok_or(Fault::NotFound)?;
    let owner = store.organisation(site.organisation).await?.ok_or(Fault::NotFound)?;
    let mut found = store.registrations_of(site.id, &behind(after)).await?;
    let more = more(&mut found, |registration| registration.id);
    let shown = |registration: Registration| {
        let shown = Shown::of_text(&registration.manifest, &registration.app_id);
        (registration, shown)
    };
    let registrations = found.into_iter().map(shown).collect();
    let p = Console::in_language(visit.language);
    let f = Frame::of(&visit).saying(p.said(&visit, &done));
    render(StatusCode::OK, &SitePage { f, p, site, owner, registrations, more, may_change })
}
