//! `/login`, `/logout`, and `/confirm` for whoever is about to do something dangerous.

use super::cookie::Cookies;
use super::fault::Fault;
use super::form::{Asked, Posted};
use super::frame::{Frame, page as render};
use super::local::Local;
use super::passkeys;
use super::visit::{Me, Visit};
use super::words::Words;
use crate::Platform;
use crate::people::{Held, Proved, SignInFault};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::secret::Secret;
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'v> {
    f: Frame<'v>,
    next: Local,
    email: String,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'v> {
    f: Frame<'v>,
    next: Local,
    fault: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: Local,
}

#[derive(Deserialize)]
pub(super) struct Beginning {
    #[serde(default)]
    next: Local,
    /// Whether whoever has signed in is to do it again, as somebody else perhaps.
    #[serde(default)]
    again: bool,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: Local,
}

#[derive(Deserialize)]
pub(super) struct Proof {
    password: String,
    #[serde(default)]
    next: Local,
}

pub(super) async fn page(
    visit: Visit,
    Asked(Beginning { next, again }): Asked<Beginning>,
) -> Result<Response, Fault> {
    if visit.signed_in.is_some() && !again {
        return Ok(Redirect::to(next.as_str()).into_response());
    }
    render(StatusCode::OK, &SignIn { f: Frame::of(&visit), next, email: String::new(), fault: None })
}

pub(super) async fn sign_in(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Posted(Credentials { email, password, next }): Posted<Credentials>,
) -> Result<Response, Fault> {
    let password = Secret::new(password);
    let outcome = match email.parse() {
        Ok(email) => platform.sign_in(&email, password, &visit.browser).await,
        Err(_) => Err(SignInFault::Wrong),
    };
    match outcome {
        Ok(Proved::Whole(held)) => Ok(holding(&visit, &held, &next)),
        Ok(Proved::Half(question)) => passkeys::ask(&visit, question, &next, "/login/passkey"),
        Err(fault) => {
            let f = Frame::of(&visit);
            let refused = Refused::of(fault, f.w, f.w.wrong)?;
            refused.page(&SignIn { f, next, email, fault: Some(refused.said) })
        }
    }
}

pub(super) async fn sign_out(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    if let Some(me) = &visit.signed_in {
        platform.end_session(&me.person, me.session.id, &visit.browser).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    let dropped = Cookies::at(&visit.place).drop_session();
    response.headers_mut().extend(dropped.map(|dropped| (SET_COOKIE, dropped)));
    Ok(response)
}

pub(super) async fn confirm_page(
    visit: Visit,
    _: Me,
    Asked(Next { next }): Asked<Next>,
) -> Result<Response, Fault> {
    render(StatusCode::OK, &Confirm { f: Frame::of(&visit), next, fault: None })
}

pub(super) async fn confirm(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(Proof { password, next }): Posted<Proof>,
) -> Result<Response, Fault> {
    match platform.prove_again(&me, Secret::new(password), &visit.browser).await {
        Ok(Proved::Whole(held)) => Ok(holding(&visit, &held, &next)),
        Ok(Proved::Half(question)) => passkeys::ask(&visit, question, &next, "/confirm/passkey"),
        Err(fault) => {
            let f = Frame::of(&visit);
            let refused = Refused::of(fault, f.w, f.w.wrong_password)?;
            refused.page(&Confirm { f, next, fault: Some(refused.said) })
        }
    }
}

/// Sends a browser on with what it is given to hold.
pub(super) fn holding(visit: &Visit, held: &Held, next: &Local) -> Response {
    let mut response = Redirect::to(next.as_str()).into_response();
    let cookie = Cookies::at(&visit.place).hold(held);
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    response
}

/// What is said in the form itself.
struct Refused {
    status: StatusCode,
    said: &'static str,
    wait: Option<Duration>,
}

impl Refused {
    /// Anything else than a wrong password is a page of its own.
    fn of(fault: SignInFault, w: &'static Words, wrong: &'static str) -> Result<Self, Fault> {
        match fault {
            SignInFault::Wrong => {
                Ok(Self { status: StatusCode::UNPROCESSABLE_ENTITY, said: wrong, wait: None })
            }
            SignInFault::TooManyGuesses(wait) => {
                Ok(Self { status: StatusCode::TOO_MANY_REQUESTS, said: w.too_many_guesses, wait: Some(wait) })
            }
            SignInFault::Busy(busy) => Err(busy.into()),
            SignInFault::Passkey(fault) => Err(fault.into()),
            SignInFault::Store(fault) => Err(fault.into()),
        }
    }

    fn page(&self, template: &impl Template) -> Result<Response, Fault> {
        let mut response = render(self.status, template)?;
        // Whole seconds, rounded up: who comes when told must not be told again.
        let seconds = self.wait.map(|wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        response.headers_mut().extend(seconds.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
        Ok(response)
    }
}
