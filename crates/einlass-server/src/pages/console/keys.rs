//! `/admin/keys`: what the platform signs with, and where each key is in its life.

use super::words::Console;
use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::keys::{KeyStatus, Phase};
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/keys.html")]
struct KeyList<'v> {
    f: Frame<'v>,
    p: &'static Console,
    issuers: Vec<Issuer>,
    may_change: bool,
}

/// An issuer and its keys.
struct Issuer {
    url: String,
    keys: Vec<KeyStatus>,
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    done: String,
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Said { done }): Asked<Said>,
) -> Result<Response, Fault> {
    let issuers = by_issuer(platform.signing_keys().await?);
    let p = Console::in_language(visit.language);
    let f = Frame::of(&visit).saying(if done == "rotated" { Some(p.rotated) } else { p.said(&visit, &done) });
    render(StatusCode::OK, &KeyList { f, p, issuers, may_change })
}

pub(super) async fn rotate(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.rotate_keys(&acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to("/admin/keys?done=rotated").into_response())
}

/// In the order in which they come.
fn by_issuer(keys: Vec<KeyStatus>) -> Vec<Issuer> {
    let mut issuers: Vec<Issuer> = Vec::new();
    for key in keys {
        match issuers.last_mut().filter(|issuer| issuer.url == key.issuer) {
            Some(issuer) => issuer.keys.push(key),
            None => issuers.push(Issuer { url: key.issuer.clone(), keys: vec![key] }),
        }
    }
    issuers
}
