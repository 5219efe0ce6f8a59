//! The ERP's one user signs in and out. A call in a session that nobody has opened is refused, as an ERP refuses it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use einlass_protocol::erp::{Casing, ErpError};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who can sign in, and the password, which is no secret.
const USER: (&str, &str) = ("demo", "demo");
/// How many sessions may be open: nobody ends them but who signs out.
const MOST: usize = 1_000;

#[derive(Default)]
pub(super) struct Sessions(Mutex<Opened>);

#[derive(Default)]
struct Opened {
    names: HashSet<String>,
    /// How many there ever were.
    count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    #[serde(alias = "userName")]
    user_name: String,
    #[serde(alias = "password")]
    password: String,
}

/// Where one signs in and out.
pub(super) fn router(sessions: &Arc<Sessions>) -> Router {
    let versions = [("", Casing::Pascal), ("/v1", Casing::Pascal), ("/v2", Casing::Camel)];
    let route = |router: Router<_>, (version, casing)| {
        let login = post(move |State(sessions): State<Arc<Sessions>>, Json(credentials)| async move {
            sessions.login(&credentials, casing)
        });
        router
            .route(&format!("{version}/authentication/login"), login)
            .route(&format!("{version}/authentication/logout"), post(logout))
    };
    versions.into_iter().fold(Router::new(), route).with_state(Arc::clone(sessions))
}

/// What every call goes through.
pub(super) async fn check(State(sessions): State<Arc<Sessions>>, request: Request, next: Next) -> Response {
    let is_open = |name: &str| sessions.lock().names.contains(name);
    if named(request.headers()).is_some_and(|name| !is_open(name)) {
        return refuse("UnknownSession", "there is no such session", Casing::of_path(request.uri().path()));
    }
    next.run(request).await
}

async fn logout(State(sessions): State<Arc<Sessions>>, headers: HeaderMap) {
    if let Some(name) = named(&headers) {
        sessions.lock().names.remove(name);
    }
}

impl Sessions {
    fn login(&self, credentials: &Credentials, casing: Casing) -> Response {
        let is_known = (&*credentials.user_name, &*credentials.password) == USER;
        let session = is_known.then(|| self.open()).flatten();
        session.map_or_else(
            || refuse("LoginFailed", "nobody has this name and password, or too many are signed in", casing),
            |session| Json(casing.spell(json!({ "SessionId": session }))).into_response(),
        )
    }

    fn open(&self) -> Option<Value> {
        let mut opened = self.lock();
        if opened.names.len() >= MOST {
            return None;
        }
        opened.count += 1;
        let name = format!("session-{}", opened.count);
        opened.names.insert(name.clone());
        Some(name.into())
    }

    fn lock(&self) -> MutexGuard<'_, Opened> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn named(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-sessionid").map(|value| value.to_str().unwrap_or_default())
}

fn refuse(code: &'static str, message: &str, casing: Casing) -> Response {
    let error = ErpError { code, message: message.into(), errors: Vec::new() };
    (StatusCode::UNAUTHORIZED, Json(error.to_json(casing))).into_response()
}
