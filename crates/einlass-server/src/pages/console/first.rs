//! `/admin/first`: whoever can read what a new platform prints becomes its first administrator.

use crate::Platform;
use crate::admin::FirstFault;
use crate::pages::account::in_a_word;
use crate::pages::assets::FIRST;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::secret::Secret;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "first.html")]
struct First<'v> {
    f: Frame<'v>,
    email: String,
    name: String,
    fault: Option<&'static str>,
    script: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Account {
    code: String,
    email: String,
    name: String,
    password: String,
}

pub(super) async fn page(visit: Visit) -> Result<Response, Fault> {
    let f = Frame::of(&visit);
    render(
        StatusCode::OK,
        &First { f, email: String::new(), name: String::new(), fault: None, script: FIRST },
    )
}

pub(super) async fn claim(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Posted(Account { code, email, name, password }): Posted<Account>,
) -> Result<Response, Fault> {
    // The whole link, or what is behind its `#`.
    let code = Secret::new(code.rsplit('#').next().unwrap_or_default().trim().into());
    let f = Frame::of(&visit);
    let claimed = match email.parse() {
        Ok(email) => {
            platform.claim_first_account(code, email, &name, Secret::new(password), &visit.browser).await
        }
        Err(_) => Err(FirstFault::Email),
    };
    let (status, said) = match claimed {
        // Signing in is the identity provider's, which may be at another host.
        Ok(()) => return Ok(Redirect::to("/admin").into_response()),
        Err(FirstFault::TooMany) => (StatusCode::TOO_MANY_REQUESTS, f.w.too_many_codes),
        Err(FirstFault::Code) => (StatusCode::UNPROCESSABLE_ENTITY, f.w.wrong_code),
        Err(FirstFault::Email) => (StatusCode::UNPROCESSABLE_ENTITY, f.w.not_an_email),
        Err(FirstFault::EmailTaken) => (StatusCode::UNPROCESSABLE_ENTITY, f.w.email_taken),
        Err(FirstFault::Name) => (StatusCode::UNPROCESSABLE_ENTITY, f.w.name_fault),
        Err(FirstFault::Password(fault)) => (StatusCode::UNPROCESSABLE_ENTITY, in_a_word(f.w, fault)),
        Err(FirstFault::Busy(busy)) => return Err(busy.into()),
        Err(FirstFault::Store(fault)) => return Err(fault.into()),
    };
    render(status, &First { f, email, name, fault: Some(said), script: FIRST })
}
