//! `/me/password`: changing one's own password.

use super::account::in_a_word;
use super::fault::Fault;
use super::form::Posted;
use super::frame::{Frame, page as render};
use super::local::Local;
use super::sign_in::holding;
use super::visit::{Surely, Visit};
use crate::Platform;
use crate::people::{ChangeFault, SignInFault, SignedIn};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::secret::Secret;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "password.html")]
struct Password<'v> {
    f: Frame<'v>,
    me: &'v SignedIn,
    fault: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    current: String,
    new: String,
}

pub(super) async fn page(visit: Visit, Surely(me): Surely) -> Result<Response, Fault> {
    render(StatusCode::OK, &Password { f: Frame::of(&visit), me: &me, fault: None })
}

pub(super) async fn change(
    visit: Visit,
    Surely(me): Surely,
    State(platform): State<Arc<Platform>>,
    Posted(NewPassword { current, new }): Posted<NewPassword>,
) -> Result<Response, Fault> {
    let f = Frame::of(&visit);
    let passwords = (Secret::new(current), Secret::new(new));
    let (status, said) = match platform.change_own_password(&me, passwords, &visit.browser).await {
        Ok(held) => return Ok(holding(&visit, &held, &Local::from("/me?done=password".to_owned()))),
        Err(ChangeFault::New(fault)) => (StatusCode::UNPROCESSABLE_ENTITY, in_a_word(f.w, fault)),
        Err(ChangeFault::Current(SignInFault::Wrong)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, f.w.wrong_password)
        }
        Err(ChangeFault::Current(SignInFault::TooManyGuesses(_))) => {
            (StatusCode::TOO_MANY_REQUESTS, f.w.too_many_guesses)
        }
        Err(ChangeFault::Current(SignInFault::Passkey(fault))) => return Err(fault.into()),
        Err(ChangeFault::Current(SignInFault::Busy(busy)) | ChangeFault::Busy(busy)) => {
            return Err(busy.into());
        }
        Err(ChangeFault::Current(SignInFault::Store(fault)) | ChangeFault::Store(fault)) => {
            return Err(fault.into());
        }
        Err(ChangeFault::Overtaken) => return Err(Fault::SignInFirst),
    };
    render(status, &Password { f, me: &me, fault: Some(said) })
}
