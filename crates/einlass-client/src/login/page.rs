//! What the browser shows when it has come back.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

/// A page.
#[derive(Clone, Copy)]
pub(super) enum Page {
    /// There is a code.
    SignedIn,
    /// There is none, and the wait is over.
    Refused,
    /// An answer that nobody waits for.
    NotOurs,
    /// Another path.
    Nothing,
    /// Another method.
    OnlyGet,
}

impl Page {
    /// It says nothing of what came, takes nothing along and is kept nowhere: its address has the code.
    pub(super) fn response(self) -> Response<String> {
        let (status, text) = match self {
            Self::SignedIn => (StatusCode::OK, "The program has its answer. This page can be closed."),
            Self::Refused => {
                (StatusCode::OK, "Nobody was signed in; the program says why. This page can be closed.")
            }
            Self::NotOurs => (StatusCode::BAD_REQUEST, "No sign-in waits here for this answer."),
            Self::Nothing => (StatusCode::NOT_FOUND, "There is nothing here."),
            Self::OnlyGet => (StatusCode::METHOD_NOT_ALLOWED, "Pages are only read here."),
        };
        let page = format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Sign-in</title><p>{text}</p></html>\n"
        );
        let mut response = Response::new(page);
        *response.status_mut() = status;
        put_headers(response.headers_mut());
        response
    }
}

fn put_headers(headers: &mut HeaderMap) {
    let all = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
