//! What browsers load: the pages and scripts in `web/`, and the bridge as its package has it.

use super::App;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, InvalidHeaderValue, X_CONTENT_TYPE_OPTIONS,
};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: [(&str, &str, &str); 14] = [
    ("/", HTML, include_str!("web/index.html")),
    ("/setup", HTML, include_str!("web/setup.html")),
    ("/stock", HTML, include_str!("web/stock.html")),
    ("/customer", HTML, include_str!("web/customer.html")),
    ("/app.css", CSS, include_str!("web/app.css")),
    ("/backend.js", SCRIPT, include_str!("web/backend.js")),
    ("/setup.js", SCRIPT, include_str!("web/setup.js")),
    ("/stock.js", SCRIPT, include_str!("web/stock.js")),
    ("/customer.js", SCRIPT, include_str!("web/customer.js")),
    ("/appbridge/src/index.js", SCRIPT, include_str!("../../../../../packages/appbridge/src/index.js")),
    ("/appbridge/src/bridge.js", SCRIPT, include_str!("../../../../../packages/appbridge/src/bridge.js")),
    ("/appbridge/src/exposed.js", SCRIPT, include_str!("../../../../../packages/appbridge/src/exposed.js")),
    ("/appbridge/src/pending.js", SCRIPT, include_str!("../../../../../packages/appbridge/src/pending.js")),
    (
        "/appbridge/src/subscribers.js",
        SCRIPT,
        include_str!("../../../../../packages/appbridge/src/subscribers.js"),
    ),
];

pub(super) fn router() -> Router<App> {
    FILES.into_iter().fold(Router::new(), |router, (path, kind, text)| {
        router.route(path, get(async move || ([(CONTENT_TYPE, kind)], text)))
    })
}

/// No script but its own, and in no frame but the platform's: in anybody else's its pages could be clicked unseen.
pub(super) fn policy(platform: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let text = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'none'; \
         base-uri 'none'; frame-ancestors {platform}"
    );
    HeaderValue::try_from(text)
}

/// With these headers every answer leaves.
pub(super) async fn leave(State(policy): State<HeaderValue>, mut response: Response) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    response.headers_mut().extend(headers);
    response
}
