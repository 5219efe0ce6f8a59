//! What went wrong, and the page that says so: what happened, and how to go on.

use super::frame::Frame;
use super::visit::Visit;
use crate::keys::KeyError;
use crate::people::{Busy, LinkFault, MemberFault, PasskeyFault};
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use einlass_store::StoreError;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("nobody is signed in")]
    SignInFirst,
    #[error("the proof of identity is too old")]
    ConfirmFirst,
    #[error("there is no such page")]
    NotFound,
    #[error("no client of this platform, or a redirect URI that is not the client's")]
    UnknownClient,
    #[error("a request for an authorization that cannot be read")]
    UnreadableRequest,
    #[error("an ID token as a hint that is none of this issuer's, or another client's")]
    ForeignHint,
    #[error("the sign-in did not come to its end")]
    SignInIncomplete,
    #[error("it was decided before")]
    Decided,
    #[error("the app asks for something else than was shown")]
    AskedAnew,
    #[error("the operator has shut it out")]
    ShutOut,
    #[error("this is for the operator")]
    NotOperator,
    #[error("a form that is not ours")]
    ForeignForm,
    #[error("too many requests from this address")]
    TooManyRequests(Duration),
    #[error("an unreadable form")]
    Unreadable,
    #[error("the template does not render")]
    Template,
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Link(#[from] LinkFault),
    #[error(transparent)]
    Member(#[from] MemberFault),
    #[error(transparent)]
    Passkey(#[from] PasskeyFault),
    #[error(transparent)]
    Keys(KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<KeyError> for Fault {
    fn from(fault: KeyError) -> Self {
        match fault {
            KeyError::Store(fault) => fault.into(),
            fault => Self::Keys(fault),
        }
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct Page<'v> {
    f: Frame<'v>,
    title: &'static str,
    what: &'static str,
    number: Option<String>,
}

impl IntoResponse for Fault {
    /// Left to whatever is around every page, which knows the language.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl Fault {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignInFirst | Self::ConfirmFirst => StatusCode::SEE_OTHER,
            Self::NotFound | Self::Member(MemberFault::NoOrganisation | MemberFault::NoMember) => {
                StatusCode::NOT_FOUND
            }
            Self::Link(LinkFault::Gone) => StatusCode::GONE,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::UnknownClient | Self::UnreadableRequest | Self::ForeignHint => StatusCode::BAD_REQUEST,
            Self::ForeignForm
            | Self::NotOperator
            | Self::ShutOut
            | Self::Member(MemberFault::NotAdmin | MemberFault::BelongsToOthers) => StatusCode::FORBIDDEN,
            Self::SignInIncomplete
            | Self::AskedAnew
            | Self::Decided
            | Self::Member(MemberFault::LastAdmin)
            | Self::Link(LinkFault::SignInFirst)
            | Self::Passkey(PasskeyFault::TooMany | PasskeyFault::Nameless) => StatusCode::CONFLICT,
            Self::Passkey(PasskeyFault::Unproved(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unreadable | Self::Link(LinkFault::Name | LinkFault::Password(_)) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Busy(_) | Self::Link(LinkFault::Busy(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(fault)
            | Self::Passkey(PasskeyFault::Store(fault))
            | Self::Link(LinkFault::Store(fault))
            | Self::Member(MemberFault::Store(fault)) => match fault {
                StoreError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Template | Self::Keys(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page, or the way to where one can go on.
    pub(super) fn answer(&self, visit: &Visit) -> Response {
        let status = self.status();
        let address = visit.browser.actor.ip();
        if status.is_server_error() {
            tracing::error!(target: "einlass::people", status = status.as_u16(), reason = %self, %address, "no page");
        } else {
            tracing::info!(target: "einlass::people", status = status.as_u16(), reason = %self, %address, "no page");
        }
        match self {
            Self::SignInFirst => return visit.sent_to("/login", "/sign-in?"),
            Self::ConfirmFirst => return visit.sent_to("/confirm", "/sign-in?fresh=true&"),
            _ => {}
        }
        let f = Frame::of(visit);
        let (title, what) = self.words(&f);
        let is_ours = status == StatusCode::INTERNAL_SERVER_ERROR;
        let number = visit.browser.actor.request_id.filter(|_| is_ours).map(|id| id.to_string());
        let html = Page { f, title, what, number }.render().unwrap_or_else(|_| title.into());
        let mut response = (status, Html(html)).into_response();
        let seconds = match self {
            Self::TooManyRequests(wait) => Some(wait.as_secs() + 1),
            _ => (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
        };
        response.headers_mut().extend(seconds.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
        response
    }

    fn words(&self, f: &Frame<'_>) -> (&'static str, &'static str) {
        let w = f.w;
        match self {
            Self::TooManyRequests(_) => (w.too_many_requests, w.busy_what),
            Self::UnknownClient | Self::ForeignHint => (w.unknown_client, w.unknown_client_what),
            Self::UnreadableRequest => (w.unreadable, w.unknown_client_what),
            Self::SignInIncomplete => (w.sign_in_incomplete, w.sign_in_incomplete_what),
            Self::Decided => (w.decided_before, w.decided_before_what),
            Self::AskedAnew => (w.asked_anew, w.asked_anew_what),
            Self::NotOperator => (w.forbidden, w.operator_only),
            Self::ShutOut => (w.is_shut_out, w.shut_out_what),
            Self::ForeignForm => (w.foreign_form, w.foreign_form_what),
            Self::Unreadable => (w.unreadable, w.foreign_form_what),
            Self::Link(LinkFault::Gone) => (w.link_gone, w.link_gone_what),
            Self::Link(LinkFault::SignInFirst) => (w.invitation, w.sign_in_to_accept),
            Self::Link(LinkFault::Name) => (w.unreadable, w.name_fault),
            Self::Link(LinkFault::Password(_)) => (w.unreadable, w.password_rule),
            Self::Passkey(PasskeyFault::Unproved(_)) => (w.passkey_failed_title, w.passkey_failed),
            Self::Passkey(PasskeyFault::TooMany) => (w.passkey_failed_title, w.passkey_too_many),
            Self::Passkey(PasskeyFault::Nameless) => (w.passkey_failed_title, w.passkey_nameless),
            Self::Member(MemberFault::NotAdmin) => (w.forbidden, w.admins_only),
            Self::Member(MemberFault::BelongsToOthers) => (w.forbidden, w.belongs_to_others),
            Self::Member(MemberFault::LastAdmin) => (w.forbidden, w.last_admin),
            Self::Member(MemberFault::NoMember) => (w.not_found, w.not_a_member),
            _ if self.status() == StatusCode::NOT_FOUND => (w.not_found, w.not_found_what),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => (w.busy, w.busy_what),
            _ => (w.broken, w.broken_what),
        }
    }
}
