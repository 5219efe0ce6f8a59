//! `/admin/health`: how this node and the platform are, and how much they are used.

use super::Operator;
use super::words::Console;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::Busy;
use crate::status::Status;
use crate::usage::Figures;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_store::{BusyApp, UsageOf};
use http::StatusCode;
use std::sync::Arc;

/// How many of the apps that call most are shown.
const BUSIEST: u32 = 10;

#[derive(Template)]
#[template(path = "console/health.html")]
struct HealthPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    status: Status,
    figures: Figures,
    busiest: Vec<BusyApp>,
}

pub(super) async fn page(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let _turn = platform.turn_to_sum().await.ok_or(Busy)?;
    let status = platform.status().await?;
    let figures = platform.figures_of(UsageOf::Everybody).await?;
    let busiest = platform.store.busiest_apps(platform.clock.wall(), BUSIEST).await?;
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    render(StatusCode::OK, &HealthPage { f, p, status, figures, busiest })
}

impl HealthPage<'_> {
    /// In milliseconds, to the hundredth.
    fn answered_in(&self) -> String {
        format!("{:.2}", self.status.node.answered_in.as_secs_f64() * 1_000.0)
    }
}
