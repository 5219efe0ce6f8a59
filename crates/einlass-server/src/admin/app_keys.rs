//! `/admin/api/app-keys`: public keys of on-premise apps, by which their signatures are known.

use super::fields::Parsed;
use super::find::missing;
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::{Admin, AdminError, By, done};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::onprem::AppKey;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::sync::Arc;

const MOST_ID_BYTES: usize = 200;

/// What an app calls itself when it registers, as `parcels/v1`.
#[derive(Debug)]
pub(super) struct AppName(String);

impl FromStr for AppName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits =
            (1..=MOST_ID_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err("send at most 200 visible ASCII characters") }
    }
}

/// A key in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    app_id: String,
    public_key: String,
}

/// A key to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    public_key: String,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = paging.page::<AppName>()?;
    let after = page.after.map(|AppName(name)| name).unwrap_or_default();
    let rows = platform.store.app_keys(&after, page.size.rows()).await?;
    let view = |(app_id, public_key)| View { app_id, public_key };
    Ok(Json(Listing::of(rows, page.size, |(app_id, _)| app_id.clone(), view)))
}

pub(super) async fn put(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(AppName(app_id))): Named<Parsed<AppName>>,
    Input(New { public_key }): Input<New>,
) -> Result<Json<View>, AdminError> {
    let key =
        AppKey::parse(&public_key).map_err(|fault| AdminError::BadRequest(format!("public_key: {fault}")))?;
    let event = platform.event(&actor, "record app key", &app_id, "");
    platform.store.put_app_key(&app_id, key.to_pem(), &event).await?;
    done(&event);
    Ok(Json(View { app_id, public_key: key.to_pem().into() }))
}

pub(super) async fn remove(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(Parsed(AppName(app_id))): Named<Parsed<AppName>>,
) -> Result<StatusCode, AdminError> {
    let event = platform.event(&actor, "remove app key", &app_id, "");
    if !platform.store.remove_app_key(&app_id, &event).await? {
        return Err(missing("app key", &app_id, "app-keys"));
    }
    done(&event);
    Ok(StatusCode::NO_CONTENT)
}
