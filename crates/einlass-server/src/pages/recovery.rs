//! `/recovery/{code}`: a new password for whoever has forgotten it.

use super::account::in_a_word;
use super::fault::Fault;
use super::form::{Named, Posted};
use super::frame::{Frame, page as render};
use super::local::Local;
use super::sign_in::holding;
use super::visit::Visit;
use crate::Platform;
use crate::people::LinkFault;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::secret::Secret;
use einlass_store::Person;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "recovery.html")]
struct Recovery<'v> {
    f: Frame<'v>,
    account: Person,
    fault: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    password: String,
}

pub(super) async fn page(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Named(code): Named<String>,
) -> Result<Response, Fault> {
    let account = platform.recovery(&code).await?;
    render(StatusCode::OK, &Recovery { f: Frame::of(&visit), account, fault: None })
}

pub(super) async fn recover(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Named(code): Named<String>,
    Posted(NewPassword { password }): Posted<NewPassword>,
) -> Result<Response, Fault> {
    let f = Frame::of(&visit);
    let said = match platform.recover(&code, Secret::new(password), &visit.browser).await {
        Ok(held) => return Ok(holding(&visit, &held, &Local::from("/me?done=recovered".to_owned()))),
        Err(LinkFault::Password(fault)) => in_a_word(f.w, fault),
        Err(fault) => return Err(fault.into()),
    };
    let account = platform.recovery(&code).await?;
    render(StatusCode::UNPROCESSABLE_ENTITY, &Recovery { f, account, fault: Some(said) })
}
