//! `/invitation/{code}`: becoming a member, with an account or a new one.

use super::account::in_a_word;
use super::fault::Fault;
use super::form::{Named, Posted};
use super::frame::{Frame, page as render};
use super::local::Local;
use super::sign_in::holding;
use super::visit::Visit;
use crate::Platform;
use crate::people::{LinkFault, Welcome};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::secret::Secret;
use einlass_store::LinkTo;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation<'v> {
    f: Frame<'v>,
    welcome: Welcome,
    name: String,
    fault: Option<&'static str>,
}

impl Invitation<'_> {
    fn is_admin(&self) -> bool {
        matches!(self.welcome.link.to, LinkTo::Join(_, einlass_protocol::person::Role::Admin))
    }

    /// Whether whoever is signed in is whoever is invited.
    fn is_me(&self) -> bool {
        self.f.person.is_some_and(|person| person.email == self.welcome.link.email)
    }
}

#[derive(Deserialize)]
pub(super) struct Account {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn page(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Named(code): Named<String>,
) -> Result<Response, Fault> {
    let welcome = platform.invitation(&code).await?;
    render(StatusCode::OK, &Invitation { f: Frame::of(&visit), welcome, name: String::new(), fault: None })
}

pub(super) async fn accept(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Named(code): Named<String>,
    Posted(Account { name, password }): Posted<Account>,
) -> Result<Response, Fault> {
    if let Some(me) = visit.signed_in.as_ref().filter(|_| password.is_empty()) {
        let organisation = platform.join(&code, me, &visit.browser).await?;
        return Ok(Redirect::to(&format!("/organisations/{}", organisation.id)).into_response());
    }
    let f = Frame::of(&visit);
    let said = match platform.join_anew(&code, &name, Secret::new(password), &visit.browser).await {
        Ok(held) => return Ok(holding(&visit, &held, &Local::default())),
        Err(LinkFault::Password(fault)) => in_a_word(f.w, fault),
        Err(LinkFault::Name) => f.w.name_fault,
        Err(fault) => return Err(fault.into()),
    };
    let welcome = platform.invitation(&code).await?;
    render(StatusCode::UNPROCESSABLE_ENTITY, &Invitation { f, welcome, name, fault: Some(said) })
}
