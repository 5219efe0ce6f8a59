//! `/onprem/{database}/{registration}`: an app that asks, or that is there: who it is, what it may do, and deciding that.

use super::{AtRegistration, Deciding};
use crate::Platform;
use crate::onprem::{Chosen, DecisionFault, Shown};
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Frame, page as render};
use crate::pages::scopes::{Group, grouped};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use einlass_protocol::scope::{Scope, ScopeSet};
use einlass_protocol::usage::UsedCredential;
use einlass_store::{Registration, RegistrationState, Site, UsageOf};
use http::StatusCode;
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "registration.html")]
struct RegistrationPage<'v> {
    f: Frame<'v>,
    site: Site,
    registration: Registration,
    shown: Shown,
    has_icon: bool,
    mandatory: Vec<Group>,
    optional: Vec<Group>,
    granted: Vec<Group>,
    calls_today: i64,
}

impl RegistrationPage<'_> {
    fn is(&self, state: &str) -> bool {
        self.registration.state.as_str() == state
    }

    /// Only an address that a browser goes to by itself becomes a link.
    fn website(&self) -> Option<&str> {
        let url = self.shown.provider_website.as_str();
        (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
    }
}

pub(super) async fn page(
    visit: Visit,
    AtRegistration { me, site, registration }: AtRegistration,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    // Before anything is chosen, so that nothing is chosen in vain.
    if registration.state == RegistrationState::Pending && !me.is_fresh(platform.clock.wall()) {
        return Err(Fault::ConfirmFirst);
    }
    let shown = Shown::of_text(&registration.manifest, &registration.app_id);
    let [mandatory, optional, granted] =
        [&registration.mandatory, &registration.optional, &registration.granted].map(grouped);
    let has_icon = picture(&shown.icon).is_some();
    let key = UsageOf::Credential(UsedCredential::Key(registration.id));
    let calls_today = platform.store.calls_since(key, platform.clock.wall()).await?;
    let f = Frame::of(&visit);
    let page = RegistrationPage {
        f,
        site,
        registration,
        shown,
        has_icon,
        mandatory,
        optional,
        granted,
        calls_today,
    };
    render(StatusCode::OK, &page)
}

/// The app's picture, if it is one that browsers show and run nothing of.
pub(super) async fn icon(AtRegistration { registration, .. }: AtRegistration) -> Result<Response, Fault> {
    let shown = Shown::of_text(&registration.manifest, &registration.app_id);
    let (kind, bytes) = picture(&shown.icon).ok_or(Fault::NotFound)?;
    Ok(([(CONTENT_TYPE, kind), (X_CONTENT_TYPE_OPTIONS, "nosniff")], bytes).into_response())
}

fn picture(icon: &str) -> Option<(&'static str, Vec<u8>)> {
    let bytes = STANDARD.decode(icon).ok()?;
    let kinds: [(&[u8], _); 4] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"\x00\x00\x01\x00", "image/x-icon"),
    ];
    let (_, kind) = kinds.into_iter().find(|(sign, _)| bytes.starts_with(sign))?;
    Some((kind, bytes))
}

pub(super) async fn accept(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let chosen = fields.iter().filter(|(name, _)| name == "scope").map(|(_, value)| value.parse::<Scope>());
    let chosen: ScopeSet = chosen.collect::<Result<_, _>>().map_err(|_| Fault::Unreadable)?;
    let actor = acting(&at.me.person, &visit.browser);
    platform.accept_registration(&at.registration, Chosen::Optional(chosen), &actor).await?;
    Ok(back(&at))
}

pub(super) async fn reject(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.reject_registration(&at.registration, &acting(&at.me.person, &visit.browser)).await?;
    Ok(back(&at))
}

pub(super) async fn hand_out(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.hand_out_again(&at.registration, &acting(&at.me.person, &visit.browser)).await?;
    Ok(back(&at))
}

pub(super) async fn revoke(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.revoke_registration(&at.registration, &acting(&at.me.person, &visit.browser)).await?;
    Ok(back(&at))
}

fn back(at: &AtRegistration) -> Response {
    Redirect::to(&format!("/onprem/{}/{}", at.site.database, at.registration.id)).into_response()
}

impl From<DecisionFault> for Fault {
    fn from(fault: DecisionFault) -> Self {
        match fault {
            DecisionFault::Store(fault) => Self::Store(fault),
            DecisionFault::Decided => Self::Decided,
            DecisionFault::Scopes => Self::Unreadable,
        }
    }
}
