//! `/admin/tokens`: what opens the administration API.

use super::words::Console;
use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::admin::TokenFault;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use einlass_store::{Access, AdminToken};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/tokens.html")]
struct TokenList<'v> {
    f: Frame<'v>,
    p: &'static Console,
    tokens: Vec<AdminToken>,
    now: UnixTime,
    /// Behind which the next page begins.
    more: Option<CredentialId>,
    /// One that was just made.
    made: Option<Secret>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "console/new_token.html")]
struct NewPage<'v> {
    f: Frame<'v>,
    name: String,
    fault: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    done: String,
    after: Option<CredentialId>,
}

#[derive(Deserialize)]
pub(super) struct New {
    name: String,
    access: String,
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { done, after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let notice = Console::in_language(visit.language).said(&visit, &done);
    show((&visit, &platform), after, Shown { made: None, notice, may_change }).await
}

/// What is said above the list.
struct Shown {
    made: Option<Secret>,
    notice: Option<&'static str>,
    may_change: bool,
}

async fn show(
    (visit, platform): (&Visit, &Platform),
    after: Option<CredentialId>,
    Shown { made, notice, may_change }: Shown,
) -> Result<Response, Fault> {
    let mut tokens = platform.store.admin_tokens(&behind(after)).await?;
    let more = more(&mut tokens, |token| token.id);
    let (f, p) = (Frame::of(visit).saying(notice), Console::in_language(visit.language));
    let now = platform.clock.wall();
    render(StatusCode::OK, &TokenList { f, p, tokens, now, more, made, may_change })
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn new(visit: Visit, _: SurelyOperator) -> Result<Response, Fault> {
    render(StatusCode::OK, &NewPage { f: Frame::of(&visit), name: String::new(), fault: None })
}

pub(super) async fn create(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Posted(New { name, access }): Posted<New>,
) -> Result<Response, Fault> {
    let access: Access = access.parse().map_err(|_| Fault::Unreadable)?;
    let actor = acting(&me.person, &visit.browser);
    let f = Frame::of(&visit);
    let said = match platform.create_admin_token(name.trim(), access, &actor).await {
        Ok(clear) => {
            return show(
                (&visit, &platform),
                None,
                Shown { made: Some(clear), notice: None, may_change: true },
            )
            .await;
        }
        Err(TokenFault::Name) => f.w.name_fault,
        Err(TokenFault::Taken) => f.w.name_taken,
        Err(TokenFault::Store(fault)) => return Err(fault.into()),
    };
    render(StatusCode::UNPROCESSABLE_ENTITY, &NewPage { f, name, fault: Some(said) })
}
