//! `/partner` and `/partner/{organisation}`: the apps of a partner, and its channels.

use super::AtPartner;
use super::words::Portal;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::Asked;
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more, tidy};
use crate::pages::visit::{Me, Visit};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::AppId;
use einlass_protocol::scx::ChannelName;
use einlass_store::{App, Channel, Organisation};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "partner/start.html")]
struct Start<'v> {
    f: Frame<'v>,
    partners: Vec<Organisation>,
}

#[derive(Template)]
#[template(path = "partner/apps.html")]
struct AppList<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtPartner,
    search: String,
    is_first: bool,
    apps: Vec<App>,
    /// Behind which app the next page begins.
    more: Option<AppId>,
    channels: Vec<Channel>,
    /// The same of its channels.
    more_channels: Option<ChannelName>,
}

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    search: String,
    after: Option<AppId>,
    channels: Option<ChannelName>,
}

/// Whoever works for one partner alone is there at once.
pub(super) async fn start(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let organisations = platform.store.memberships_of(me.person.id).await?.into_iter();
    let partners: Vec<Organisation> =
        organisations.map(|(organisation, _)| organisation).filter(|it| it.kind.is_partner()).collect();
    if let [only] = &partners[..] {
        let at = AtPartner::of(&platform, only.id, me).await?;
        return show(&visit, &platform, at, Wanted::default()).await;
    }
    render(StatusCode::OK, &Start { f: Frame::of(&visit), partners })
}

pub(super) async fn page(
    visit: Visit,
    at: AtPartner,
    State(platform): State<Arc<Platform>>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Fault> {
    show(&visit, &platform, at, wanted).await
}

async fn show(
    visit: &Visit,
    platform: &Platform,
    at: AtPartner,
    Wanted { search, after, channels }: Wanted,
) -> Result<Response, Fault> {
    let (search, is_first) = (tidy(&search), after.is_none());
    let mut apps = platform.store.apps_named_like(Some(at.organisation.id), &search, &behind(after)).await?;
    let next = more(&mut apps, |app| app.id);
    let mut channels = platform.store.channels_of(at.organisation.id, &behind(channels)).await?;
    let more_channels = more(&mut channels, |channel| channel.name.clone());
    let (f, p) = (Frame::of(visit), Portal::in_language(visit.language));
    render(StatusCode::OK, &AppList { f, p, at, search, is_first, apps, more: next, channels, more_channels })
}
