//! `/partner/apps/{app}/submit`: an app on its way to every merchant. Whether it gets there the operator says.

use super::Deciding;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::visit::Visit;
use crate::people::acting;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_store::App;
use std::sync::Arc;

/// What is still missing the app's page says; it offers this when nothing is.
pub(super) async fn submit(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.submit_app(&at.it, &acting(&at.at.me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("{}#listing", at.path())).into_response())
}

pub(super) async fn take_back(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.take_app_back(&at.it, &acting(&at.at.me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("{}#listing", at.path())).into_response())
}
