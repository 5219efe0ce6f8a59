//! `/me/passkeys`, and `/login/passkey` and `/confirm/passkey` for whoever has one.

use super::assets::SCRIPT;
use super::fault::Fault;
use super::form::Posted;
use super::frame::{Frame, page as render};
use super::local::Local;
use super::sign_in::holding;
use super::visit::{Me, Surely, Visit};
use crate::Platform;
use crate::admin::name_of_person;
use crate::people::{LinkFault, Question};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::PasskeyId;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "new_passkey.html")]
struct NewPasskey<'v> {
    f: Frame<'v>,
    question: Question,
    /// Where `dev` has a name: browsers make no passkeys for addresses.
    named: Option<String>,
    script: &'static str,
}

#[derive(Template)]
#[template(path = "passkey.html")]
struct Asked<'v> {
    f: Frame<'v>,
    question: Question,
    next: &'v Local,
    action: &'static str,
    fault: Option<&'static str>,
    script: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Made {
    code: String,
    answer: String,
    name: String,
}

#[derive(Deserialize)]
pub(super) struct Answered {
    code: String,
    answer: String,
    #[serde(default)]
    next: Local,
}

#[derive(Deserialize)]
pub(super) struct Removed {
    passkey: PasskeyId,
}

/// Asks whoever has just sent the right password.
pub(super) fn ask(
    visit: &Visit,
    question: Question,
    next: &Local,
    action: &'static str,
) -> Result<Response, Fault> {
    let f = Frame::of(visit);
    render(StatusCode::OK, &Asked { f, question, next, action, fault: None, script: SCRIPT })
}

pub(super) async fn sign_in(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Posted(Answered { code, answer, next }): Posted<Answered>,
) -> Result<Response, Fault> {
    let held = platform.sign_in_with_passkey((&code, &answer), &visit.browser).await?;
    Ok(holding(&visit, &held, &next))
}

pub(super) async fn confirm(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(Answered { code, answer, next }): Posted<Answered>,
) -> Result<Response, Fault> {
    let held = platform.confirm_with_passkey(&me, (&code, &answer), &visit.browser).await?;
    Ok(holding(&visit, &held, &next))
}

pub(super) async fn new(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let question = platform.ask_for_new_passkey(&me.person).await?;
    let url = platform.settings.demonstration.is_some().then_some(&platform.settings.public_url);
    let named = url.map(|url| url.replacen("127.0.0.1", "localhost", 1));
    render(StatusCode::OK, &NewPasskey { f: Frame::of(&visit), question, named, script: SCRIPT })
}

pub(super) async fn add(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Posted(Made { code, answer, name }): Posted<Made>,
) -> Result<Response, Fault> {
    let name = name_of_person(&name).ok_or(Fault::Link(LinkFault::Name))?;
    platform.add_passkey(&me, (&code, &answer), name, &visit.browser).await?;
    Ok(Redirect::to("/me?done=passkey#passkeys").into_response())
}

pub(super) async fn remove(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Posted(Removed { passkey }): Posted<Removed>,
) -> Result<Response, Fault> {
    platform.remove_passkey(&me, passkey, &visit.browser).await?;
    Ok(Redirect::to("/me#passkeys").into_response())
}
