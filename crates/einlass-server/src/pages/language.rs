//! `/language`: in which language pages are, from here on.

use super::cookie::Cookies;
use super::form::Posted;
use super::local::Local;
use super::visit::Visit;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::language::Language;
use http::header::SET_COOKIE;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Choice {
    language: String,
    #[serde(default)]
    next: Local,
}

pub(super) async fn choose(visit: Visit, Posted(Choice { language, next }): Posted<Choice>) -> Response {
    let mut response = Redirect::to(next.as_str()).into_response();
    let cookie =
        Language::tagged(&language).and_then(|language| Cookies::at(&visit.place).choose_language(language));
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    response
}
