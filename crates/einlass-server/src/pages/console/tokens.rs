//! `/admin/tokens`: what opens the administration API.

use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::admin::TokenFault;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use einlass_store::{Access, AdminToken, Page, PageSize};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokenList<'v> {
    f: Frame<'v>,
    tokens: Vec<AdminToken>,
    now: UnixTime,
    /// Behind which the next page begins.
    more: Option<CredentialId>,
    /// One that was just made.
    made: Option<Secret>,
}

#[derive(Template)]
#[template(path = "new_token.html")]
struct NewPage<'v> {
    f: Frame<'v>,
    name: String,
    fault: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<CredentialId>,
}

#[derive(Deserialize)]
pub(super) struct New {
    name: String,
    access: String,
}

#[derive(Deserialize)]
pub(super) struct Ended {
    token: CredentialId,
}

pub(super) async fn page(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    show((&visit, &platform), after, None).await
}

async fn show(
    (visit, platform): (&Visit, &Platform),
    after: Option<CredentialId>,
    made: Option<Secret>,
) -> Result<Response, Fault> {
    let page = Page { after, size: PageSize::new(ROWS).unwrap_or(PageSize::MOST) };
    let tokens = platform.store.admin_tokens(&page).await?;
    let more = tokens.last().map(|token| token.id).filter(|_| tokens.len() == usize::from(ROWS));
    let (f, now) = (Frame::of(visit), platform.clock.wall());
    render(StatusCode::OK, &TokenList { f, tokens, now, more, made })
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
        Ok(clear) => return show((&visit, &platform), None, Some(clear)).await,
        Err(TokenFault::Name) => f.w.name_fault,
        Err(TokenFault::Taken) => f.w.name_taken,
        Err(TokenFault::Store(fault)) => return Err(fault.into()),
    };
    render(StatusCode::UNPROCESSABLE_ENTITY, &NewPage { f, name, fault: Some(said) })
}

pub(super) async fn revoke(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Posted(Ended { token }): Posted<Ended>,
) -> Result<Response, Fault> {
    let token = platform.store.admin_token_of_id(token).await?.ok_or(Fault::NotFound)?;
    platform.end_admin_token(&token, &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to("/admin/tokens").into_response())
}
