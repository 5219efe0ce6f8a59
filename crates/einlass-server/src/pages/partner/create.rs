//! `/partner/{organisation}/new`: a new app, from its manifest. It has a client and that client's first secret, which is shown once.

use super::words::Portal;
use super::{AtApp, AtPartner, DecidingFor, secrets};
use crate::Platform;
use crate::pages::assets;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use crate::portal::{CreateFault, Created};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::manifest::{Fault as ManifestFault, Manifest, ManifestRejected};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "partner/new_app.html")]
struct NewPage<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtPartner,
    name: String,
    text: String,
    fault: Option<&'static str>,
    faults: Vec<ManifestFault>,
    script: &'static str,
}

#[derive(Deserialize)]
pub(super) struct New {
    technical_name: String,
    manifest: String,
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn page(visit: Visit, DecidingFor(at): DecidingFor) -> Result<Response, Fault> {
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    let (name, text) = (String::new(), Manifest::EXAMPLE.to_owned());
    let (fault, faults) = (None, Vec::new());
    render(StatusCode::OK, &NewPage { f, p, at, name, text, fault, faults, script: assets::PORTAL })
}

pub(super) async fn create(
    visit: Visit,
    DecidingFor(at): DecidingFor,
    State(platform): State<Arc<Platform>>,
    Posted(New { technical_name: name, manifest: text }): Posted<New>,
) -> Result<Response, Fault> {
    let actor = acting(&at.me.person, &visit.browser);
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    let (fault, faults) = match platform.create_app(at.organisation.id, &name, &text, &actor).await {
        Ok(Created { app, client, secret }) => {
            return secrets::shown_once(&visit, &platform, &AtApp { at, it: app }, (&client, secret));
        }
        Err(CreateFault::Name) => (Some(p.name_fault), Vec::new()),
        Err(CreateFault::Taken) => (Some(p.name_taken), Vec::new()),
        Err(CreateFault::Manifest(ManifestRejected(faults))) => (None, faults),
        Err(CreateFault::Store(fault)) => return Err(fault.into()),
    };
    let page = NewPage { f, p, at, name, text, fault, faults, script: assets::PORTAL };
    render(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
