//! `/admin/end/{kind}/{subject}`: whatever an operator ends is ended here, after it was said what will stop working.

use super::SurelyOperator;
use super::ends::{End, path};
use super::words::Console;
use crate::Platform;
use crate::pages::ending::Ending;
use crate::pages::fault::Fault;
use crate::pages::form::{Named, Posted};
use crate::pages::frame::Frame;
use crate::pages::visit::Visit;
use crate::people::acting;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

pub(super) async fn page(
    visit: Visit,
    _: SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named((kind, subject)): Named<(String, String)>,
) -> Result<Response, Fault> {
    let end = End::find(&platform, &kind, &subject).await?;
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    let facts = end.is(&f, p).into_iter().chain(end.bears(&platform, (&f, p)).await?).collect();
    let (from, words, form) = (end.from(f.w, p), end.words(f.w, p), (path(&kind, &subject), None));
    Ending { f, from, words, facts, form }.page()
}

pub(super) async fn end(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named((kind, subject)): Named<(String, String)>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let end = End::find(&platform, &kind, &subject).await?;
    let (back, _) = end.from(Frame::of(&visit).w, Console::in_language(visit.language));
    end.carry_out(&platform, &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("{back}?done=ended")).into_response())
}
