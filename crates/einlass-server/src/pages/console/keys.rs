//! `/admin/keys`: what the platform signs with, and where each key is in its life.

use super::words::Console;
use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::keys::{KeyError, KeyStatus, Phase};
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_store::StoreError;
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

#[derive(Template)]
#[template(path = "console/distrust.html")]
struct DistrustPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    key: KeyStatus,
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

#[derive(Deserialize)]
pub(super) struct Meant {
    kid: String,
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Said { done }): Asked<Said>,
) -> Result<Response, Fault> {
    let issuers = by_issuer(platform.signing_keys().await.map_err(fault)?);
    let p = Console::in_language(visit.language);
    let notice = match done.as_str() {
        "rotated" => Some(p.rotated),
        "distrusted" => Some(p.was_distrusted),
        _ => None,
    };
    let f = Frame::of(&visit).saying(notice);
    render(StatusCode::OK, &KeyList { f, p, issuers, may_change })
}

pub(super) async fn rotate(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    platform.rotate_keys(&acting(&me.person, &visit.browser)).await.map_err(fault)?;
    Ok(Redirect::to("/admin/keys?done=rotated").into_response())
}

/// What will stop working, before it does.
pub(super) async fn distrust_page(
    visit: Visit,
    _: SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Asked(Meant { kid }): Asked<Meant>,
) -> Result<Response, Fault> {
    let key = trusted(&platform, &kid).await?;
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    render(StatusCode::OK, &DistrustPage { f, p, key })
}

pub(super) async fn distrust(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Posted(Meant { kid }): Posted<Meant>,
) -> Result<Response, Fault> {
    let known = platform.signing_keys().await.map_err(fault)?;
    known.iter().find(|key| key.kid == kid).ok_or(Fault::NotFound)?;
    platform.distrust_key(&kid, &acting(&me.person, &visit.browser)).await.map_err(fault)?;
    Ok(Redirect::to("/admin/keys?done=distrusted").into_response())
}

/// A key that still counts.
async fn trusted(platform: &Platform, kid: &str) -> Result<KeyStatus, Fault> {
    let known = platform.signing_keys().await.map_err(fault)?.into_iter();
    known.into_iter().find(|key| key.kid == kid && key.phase != Phase::Distrusted).ok_or(Fault::NotFound)
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

/// Pages have no words for what only configuration can heal; the log has.
fn fault(fault: KeyError) -> Fault {
    if let KeyError::Store(fault) = fault {
        return fault.into();
    }
    tracing::error!(target: "einlass::keys", reason = %fault, "no keys");
    StoreError::Inconsistent { column: "sealed_private" }.into()
}
