//! What the shell's script asks on an app's behalf. It shows no pages: what is refused is said in a word.

use super::AtApp;
use crate::Platform;
use crate::hub::HubFault;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::visit::Visit;
use crate::people::acting;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// `getSessionToken`: who is signed in, for this tenant, to the app's own backend.
pub(super) async fn session_token(
    at: Result<AtApp, Fault>,
    State(platform): State<Arc<Platform>>,
    posted: Result<Posted<()>, Fault>,
) -> Response {
    let AtApp { at, found, .. } = match both(at, posted) {
        Ok(at) => at,
        Err(fault) => return refused(&fault),
    };
    token("sessionToken", platform.session_token(&at.tenant, found.app.id, at.me.person.id).await)
}

/// `getAppToken`: the same, as the second issuer says it, and to the API too.
pub(super) async fn app_token(
    at: Result<AtApp, Fault>,
    State(platform): State<Arc<Platform>>,
    posted: Result<Posted<()>, Fault>,
) -> Response {
    let AtApp { at, found, .. } = match both(at, posted) {
        Ok(at) => at,
        Err(fault) => return refused(&fault),
    };
    token("appToken", platform.app_token(&at.tenant, found.app.id, at.me.person.id).await)
}

/// `setupCompleted`: the installation is finished. For what is finished already there is nothing to do, whoever asks.
pub(super) async fn setup_completed(
    visit: Visit,
    at: Result<AtApp, Fault>,
    State(platform): State<Arc<Platform>>,
    posted: Result<Posted<()>, Fault>,
) -> Response {
    let AtApp { at, found, .. } = match both(at, posted) {
        Ok(at) => at,
        Err(fault) => return refused(&fault),
    };
    if found.is_being_set_up() && !at.is_admin {
        return said(StatusCode::FORBIDDEN, "an admin of the merchant finishes the installation");
    }
    if found.is_being_set_up() {
        let actor = acting(&at.me.person, &visit.browser);
        match platform.complete_setup(&at.tenant, found.app.id, &actor).await {
            Ok(()) => {}
            Err(HubFault::NotInstalled) => return not_installed(),
            Err(fault) => return refused(&fault.into()),
        }
    }
    match found.installation {
        Some(_) => Json(json!({})).into_response(),
        None => not_installed(),
    }
}

/// The app that is asked about, by a page of ours.
fn both(at: Result<AtApp, Fault>, posted: Result<Posted<()>, Fault>) -> Result<AtApp, Fault> {
    let (at, Posted(())) = (at?, posted?);
    Ok(at)
}

fn token(name: &str, made: Result<String, HubFault>) -> Response {
    match made {
        Ok(token) => Json(json!({ name: token })).into_response(),
        Err(HubFault::NotInstalled) => not_installed(),
        Err(fault) => refused(&fault.into()),
    }
}

fn not_installed() -> Response {
    said(
        StatusCode::CONFLICT,
        "the app is not installed at this tenant, or its set-up took longer than a day",
    )
}

fn refused(fault: &Fault) -> Response {
    tracing::info!(target: "einlass::hub", reason = %fault, "refused an app");
    match fault {
        Fault::SignInFirst => said(StatusCode::UNAUTHORIZED, "nobody is signed in any more; sign in again"),
        Fault::ForeignForm | Fault::Unreadable => {
            said(StatusCode::FORBIDDEN, "this is for the shell's own pages")
        }
        Fault::Member(_) => said(StatusCode::FORBIDDEN, "this is for members of the merchant"),
        Fault::ShutOut => said(StatusCode::FORBIDDEN, "the operator has shut this app out"),
        Fault::NotFound => said(StatusCode::NOT_FOUND, "the app or the tenant is not there"),
        _ => said(StatusCode::SERVICE_UNAVAILABLE, "the platform is not available; try again"),
    }
}

fn said(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
