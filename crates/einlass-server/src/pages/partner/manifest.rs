//! `/partner/apps/{app}/manifest`: what an app says of itself, in an editor that says what is wrong while one types.

use super::words::Portal;
use super::{AtApp, Deciding};
use crate::Platform;
use crate::hub::DescribeFault;
use crate::pages::assets;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::{Me, Visit};
use crate::people::acting;
use crate::usage::AtWork;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::manifest::{Fault as ManifestFault, Manifest, ManifestRejected};
use einlass_store::App;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "partner/manifest.html")]
struct Editor<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtApp,
    text: String,
    faults: Vec<ManifestFault>,
    at_work: AtWork,
    script: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Said {
    manifest: String,
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn page(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let known = platform.store.listing(at.it.id).await?.and_then(|listing| listing.manifest);
    let text = known.map_or_else(|| Manifest::EXAMPLE.to_owned(), |text| indented(&text));
    let at_work = platform.app_at_work(at.it.id).await?;
    show(&visit, (at, at_work), text, Vec::new(), StatusCode::OK)
}

pub(super) async fn save(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
    Posted(Said { manifest }): Posted<Said>,
) -> Result<Response, Fault> {
    let actor = acting(&at.at.me.person, &visit.browser);
    let saved = match platform.read_manifest(&manifest) {
        Ok(imported) => platform.describe_app(&at.it, &imported.text, &actor).await,
        Err(rejected) => Err(rejected.into()),
    };
    match saved {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=manifest", at.path())).into_response()),
        Err(DescribeFault::Rejected(ManifestRejected(faults))) => {
            let at_work = platform.app_at_work(at.it.id).await?;
            show(&visit, (at, at_work), manifest, faults, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(DescribeFault::Store(fault)) => Err(fault.into()),
    }
}

/// All that is wrong with a text, for the editor.
pub(super) async fn check(
    _: Me,
    State(platform): State<Arc<Platform>>,
    Posted(Said { manifest }): Posted<Said>,
) -> Json<Value> {
    let (faults, left_out) = match platform.read_manifest(&manifest) {
        Ok(imported) => (Vec::new(), imported.left_out),
        Err(ManifestRejected(faults)) => (faults, Vec::new()),
    };
    let faults: Vec<Value> =
        faults.into_iter().map(|fault| json!({ "path": fault.path, "message": fault.message })).collect();
    Json(json!({ "faults": faults, "leftOut": left_out }))
}

fn show(
    visit: &Visit,
    (at, at_work): (AtApp, AtWork),
    text: String,
    faults: Vec<ManifestFault>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (f, p) = (Frame::of(visit), Portal::in_language(visit.language));
    render(status, &Editor { f, p, at, text, faults, at_work, script: assets::PORTAL })
}

/// As people read it.
fn indented(text: &str) -> String {
    let value = serde_json::from_str::<Value>(text).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}
