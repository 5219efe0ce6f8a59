//! `GET info`: the ERP's version, and on whose behalf it was asked.

use axum::Json;
use axum::extract::State;
use einlass_protocol::time::Clock;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Camel {
    version: &'static str,
    timestamp: String,
    tenant: String,
    r#type: &'static str,
    /// What the gateway says of the caller.
    app: String,
    scopes: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pascal {
    version: &'static str,
    timestamp: String,
    tenant: String,
    r#type: &'static str,
}

/// As unversioned and `/v1` answer.
pub(super) async fn pascal(State(clock): State<Arc<dyn Clock>>, headers: HeaderMap) -> Json<Pascal> {
    Json(Pascal {
        version: VERSION,
        timestamp: timestamp(&*clock),
        tenant: header(&headers, "x-einlass-tenant"),
        r#type: TYPE,
    })
}

/// As `/v2` answers.
pub(super) async fn camel(State(clock): State<Arc<dyn Clock>>, headers: HeaderMap) -> Json<Camel> {
    Json(Camel {
        version: VERSION,
        timestamp: timestamp(&*clock),
        tenant: header(&headers, "x-einlass-tenant"),
        r#type: TYPE,
        app: header(&headers, "x-einlass-app"),
        scopes: header(&headers, "x-einlass-scopes"),
    })
}

const VERSION: &str = "2.0";
const TYPE: &str = "Demonstration";

fn timestamp(clock: &dyn Clock) -> String {
    Timestamp::from_second(clock.wall().seconds()).unwrap_or_default().to_string()
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
