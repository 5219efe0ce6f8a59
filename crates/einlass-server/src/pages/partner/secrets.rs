//! `/partner/apps/{app}/secrets`: what an app proves itself by. Several count at once, so that one can follow another while calls
//! go on.

use super::words::Portal;
use super::{AtApp, Deciding};
use crate::Platform;
use crate::pages::assets;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use crate::portal::SecretFault;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{ClientId, CredentialId};
use einlass_protocol::secret::Secret;
use einlass_store::ClientSecret;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

#[derive(Template)]
#[template(path = "partner/new_secret.html")]
struct NewPage<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtApp,
    client: String,
    name: String,
    fault: Option<&'static str>,
}

/// A secret that was just made.
#[derive(Template)]
#[template(path = "partner/secret.html")]
pub(super) struct Made<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtApp,
    client: ClientId,
    secret: Secret,
    /// Where the platform is, for the file.
    url: String,
    script: &'static str,
}

#[derive(Template)]
#[template(path = "partner/end_secret.html")]
struct EndPage<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtApp,
    client: ClientId,
    secret: ClientSecret,
    calls_today: i64,
    installations: i64,
}

#[derive(Deserialize)]
pub(super) struct OfClient {
    #[serde(default)]
    client: String,
}

#[derive(Deserialize)]
pub(super) struct New {
    client: ClientId,
    name: String,
    #[serde(default)]
    days: String,
}

#[derive(Deserialize)]
pub(super) struct Meant {
    secret: CredentialId,
}

impl<'v> Made<'v> {
    pub(super) fn page(
        visit: &'v Visit,
        platform: &Platform,
        at: AtApp,
        (client, secret): (ClientId, Secret),
    ) -> Result<Response, Fault> {
        let (f, p) = (Frame::of(visit), Portal::in_language(visit.language));
        let url = platform.settings.public_url.clone();
        render(StatusCode::OK, &Self { f, p, at, client, secret, url, script: assets::PORTAL })
    }

    /// What a program of the app reads, as an address that is a file: so it is on no server.
    fn file(&self) -> String {
        let text = format!(
            "# Secret. Never commit this file: keep it out of every repository, image and log.\n\
             JTL_AUTH_BASE={url}\nJTL_API_BASE={url}\nJTL_APP_ID={app}\nCLIENT_ID={client}\nCLIENT_SECRET={secret}\n",
            url = self.url,
            app = self.at.app.id,
            client = self.client,
            secret = self.secret.expose(),
        );
        let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
        format!("data:text/plain;charset=utf-8,{encoded}")
    }
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn new(
    visit: Visit,
    Deciding(at): Deciding,
    Asked(OfClient { client }): Asked<OfClient>,
) -> Result<Response, Fault> {
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    render(StatusCode::OK, &NewPage { f, p, at, client, name: String::new(), fault: None })
}

pub(super) async fn create(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(New { client, name, days }): Posted<New>,
) -> Result<Response, Fault> {
    let lasts = match days.as_str() {
        "" => None,
        days => Some(days.parse::<u32>().map_err(|_| Fault::Unreadable)? * DAY),
    };
    let actor = acting(&at.at.me.person, &visit.browser);
    match platform.add_secret(&at.app, &client, &name, lasts, &actor).await {
        Ok(secret) => Made::page(&visit, &platform, at, (client, secret)),
        Err(SecretFault::Name) => {
            let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
            let fault = Some(f.w.name_fault);
            let page = NewPage { f, p, at, client: client.to_string(), name, fault };
            render(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(SecretFault::NoClient) => Err(Fault::NotFound),
        Err(SecretFault::Store(fault)) => Err(fault.into()),
    }
}

/// What will stop working, before it does.
pub(super) async fn revoke_page(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Asked(Meant { secret }): Asked<Meant>,
) -> Result<Response, Fault> {
    let (client, secret) = platform.secret_of(&at.app, secret).await?.ok_or(Fault::NotFound)?;
    let calls_today = platform.calls_today(secret.id).await?;
    let installations = platform.store.count_installations(at.app.id, platform.clock.wall()).await?;
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    render(StatusCode::OK, &EndPage { f, p, at, client, secret, calls_today, installations })
}

pub(super) async fn revoke(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(Meant { secret }): Posted<Meant>,
) -> Result<Response, Fault> {
    platform.secret_of(&at.app, secret).await?.ok_or(Fault::NotFound)?;
    platform.end_secret(secret, &acting(&at.at.me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("{}#secrets", at.path())).into_response())
}
