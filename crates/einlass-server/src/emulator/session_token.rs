//! `POST /dev/session-token`: what the App Shell would give to the demonstration app, without a browser. On a platform that
//! is there to be tried, and nowhere else.

use crate::Platform;
use crate::hub::HubFault;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use einlass_store::StoreError;
use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderName, StatusCode};
use serde_json::json;
use std::sync::Arc;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FORM: &str = "application/x-www-form-urlencoded";

/// Why there is none.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("this is for the command line; an app in a browser asks the App Shell")]
    Browser,
    #[error("the content type must be application/x-www-form-urlencoded")]
    NoForm,
    #[error(
        "the demonstration app is not installed at the demonstration tenant any more; install it at /hub"
    )]
    NotInstalled,
    #[error("the merchant's demonstration account is not there any more")]
    Nobody,
    #[error(transparent)]
    Hub(HubFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers a session token of the merchant's demonstration account for the tenant that has the app.
pub(crate) async fn session_token(State(platform): State<Arc<Platform>>, headers: HeaderMap) -> Response {
    match made(&platform, &headers).await {
        Ok(token) => Json(json!({ "sessionToken": token })).into_response(),
        Err(refused) => refused.into_response(),
    }
}

async fn made(platform: &Platform, headers: &HeaderMap) -> Result<String, Refused> {
    // A browser says of a POST which page it is from, and no page of anybody's has business here.
    if headers.contains_key(ORIGIN) || headers.contains_key(SEC_FETCH_SITE) {
        return Err(Refused::Browser);
    }
    if headers.get(CONTENT_TYPE).is_none_or(|value| value != FORM) {
        return Err(Refused::NoForm);
    }
    let demo = platform.settings.demonstration.as_ref().ok_or(Refused::Nobody)?;
    let tenant = platform.store.tenant(demo.tenant).await?.ok_or(Refused::NotInstalled)?;
    let merchant = platform.store.person_to_authenticate(&demo.people.merchant.email).await?;
    let (person, _) = merchant.ok_or(Refused::Nobody)?;
    Ok(platform.session_token(&tenant, demo.app, person.id).await?)
}

impl From<HubFault> for Refused {
    fn from(fault: HubFault) -> Self {
        match fault {
            HubFault::NotInstalled => Self::NotInstalled,
            other => Self::Hub(other),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Browser => StatusCode::FORBIDDEN,
            Self::NoForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotInstalled | Self::Nobody => StatusCode::CONFLICT,
            Self::Hub(_) | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        tracing::info!(target: "einlass::hub", status = status.as_u16(), reason = %self, "no session token");
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}
