//! Why a request below `/v1` was refused, and what the caller is told, in German or English.

use crate::keys::Busy;
use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::revocation::Denied;
use einlass_protocol::scx::{ErrorList, Language, Party, Said, said};
use einlass_store::StoreError;
use http::header::{CACHE_CONTROL, RETRY_AFTER, UPGRADE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// Why a request was refused. The text is for the log; the answer says it in the caller's language.
#[derive(Debug, thiserror::Error)]
pub enum ScxError {
    /// The connection broke while the body was read.
    #[error("the body ended early")]
    BodyBroken,
    /// Over 16 KiB.
    #[error("the body is larger than 16 KiB")]
    BodyTooLarge,
    /// The body did not arrive within ten seconds.
    #[error("the body took longer than ten seconds")]
    BodyTooSlow,
    /// More signatures are asked for than can be made.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The client says that it is a version that is not served any more.
    #[error("the client is too old")]
    ClientTooOld,
    /// The caller's token is good, and for the other part of `/v1`.
    #[error("{0} called the other part")]
    Forbidden(Party),
    /// The channel has not said where sellers go.
    #[error("the channel has no URL for this")]
    NoUrl,
    /// Nobody configured marketplace channels.
    #[error("marketplace channels are not served")]
    NotServed,
    /// What is named by a parameter is missing or malformed.
    #[error("parameter {0}")]
    Parameter(&'static str),
    /// The method is none of the path's.
    #[error("the method is not allowed")]
    MethodNotAllowed,
    /// There is no key.
    #[error("there is no signing key")]
    NoSigningKey,
    /// No bearer token, or several.
    #[error("no bearer token")]
    NoToken,
    /// The caller's token was revoked.
    #[error(transparent)]
    Revoked(#[from] Denied),
    /// The seller's id is taken.
    #[error("the seller id is taken")]
    SellerTaken,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The caller's token is not accepted.
    #[error(transparent)]
    Token(#[from] TokenRejected),
    /// Too many requests, failures or guesses.
    #[error("{what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// When the next one is looked at.
        retry_after: Duration,
    },
    /// The path is none of the platform's.
    #[error("no such path")]
    UnknownPath,
    /// No channel of this name.
    #[error("the channel is unknown")]
    UnknownChannel,
    /// The PIN is wrong, expired or used.
    #[error("a PIN that does not count")]
    UnknownPin,
    /// The refresh token is unknown, expired or revoked.
    #[error("a wrong, expired or revoked refresh token")]
    UnknownRefreshToken,
    /// The channel has no such seller.
    #[error("the seller is unknown")]
    UnknownSeller,
    /// The session is unknown, has ended, was used, or is another channel's.
    #[error("a session that does not count")]
    UnknownSession,
}

impl ScxError {
    /// Every cause, so that a new one cannot be forgotten.
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BodyBroken | Self::Parameter(_) => (StatusCode::BAD_REQUEST, "VAL100"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "VAL100"),
            Self::BodyTooSlow => (StatusCode::REQUEST_TIMEOUT, "VAL100"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, said::NO_SUCH_METHOD.code),
            Self::UnknownRefreshToken => (StatusCode::BAD_REQUEST, "ATH000"),
            Self::NoToken | Self::Token(_) | Self::Revoked(_) => {
                (StatusCode::UNAUTHORIZED, said::NO_TOKEN.code)
            }
            Self::UnknownPin => (StatusCode::NOT_FOUND, "ATH101"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, said::NOT_YOURS.code),
            Self::ClientTooOld => (StatusCode::UPGRADE_REQUIRED, "VER100"),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, said::TOO_MANY.code),
            Self::UnknownChannel => (StatusCode::NOT_FOUND, "CHN100"),
            Self::NoUrl => (StatusCode::NOT_FOUND, "CHN101"),
            Self::UnknownSession => (StatusCode::NOT_FOUND, "SES100"),
            Self::UnknownSeller => (StatusCode::NOT_FOUND, "SEL100"),
            Self::SellerTaken => (StatusCode::CONFLICT, "SEL101"),
            Self::NotServed => (StatusCode::NOT_FOUND, "SYS101"),
            Self::UnknownPath => (StatusCode::NOT_FOUND, said::NO_SUCH_PATH.code),
            Self::Busy(_) | Self::Store(StoreError::Unavailable(_)) => {
                (StatusCode::SERVICE_UNAVAILABLE, "SYS100")
            }
            Self::NoSigningKey | Self::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "SYS100"),
        }
    }

    /// In German and in English.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::BodyBroken => ("Der Inhalt brach ab.", "The body ended early."),
            Self::BodyTooLarge => ("Der Inhalt ist größer als 16 KiB.", "The body is larger than 16 KiB."),
            Self::BodyTooSlow => ("Der Inhalt kam nicht rechtzeitig an.", "The body did not arrive in time."),
            Self::Parameter(_) => {
                ("Ein Parameter fehlt oder ist ungültig", "A parameter is missing or invalid")
            }
            Self::UnknownPath => both(said::NO_SUCH_PATH),
            Self::MethodNotAllowed => both(said::NO_SUCH_METHOD),
            Self::UnknownRefreshToken => (
                "Der Refresh-Token ist unbekannt, abgelaufen oder widerrufen.",
                "The refresh token is unknown, expired or revoked.",
            ),
            Self::NoToken | Self::Token(_) | Self::Revoked(_) => both(said::NO_TOKEN),
            Self::UnknownPin => {
                ("Die PIN ist falsch, abgelaufen oder verbraucht.", "The PIN is wrong, expired or used.")
            }
            Self::Forbidden(_) => both(said::NOT_YOURS),
            Self::ClientTooOld => (
                "Diese Version des Clients wird nicht mehr bedient. Bitte aktualisieren.",
                "This version of the client is no longer served. Please update.",
            ),
            Self::TooMany { .. } => both(said::TOO_MANY),
            Self::UnknownChannel => ("Diesen Kanal gibt es nicht.", "There is no such channel."),
            Self::NoUrl => {
                ("Der Kanal hat dafür keine Adresse hinterlegt.", "The channel has no address for this.")
            }
            Self::UnknownSession => (
                "Die Sitzung ist unbekannt, abgelaufen oder verbraucht.",
                "The session is unknown, expired or used.",
            ),
            Self::UnknownSeller => {
                ("Diesen Verkäufer hat der Kanal nicht.", "The channel has no such seller.")
            }
            Self::SellerTaken => (
                "Diese sellerId ist vergeben. Die Sitzung gilt weiter.",
                "This sellerId is taken. The session still counts.",
            ),
            Self::NotServed => {
                ("Marktplatz-Kanäle werden hier nicht bedient.", "Marketplace channels are not served here.")
            }
            Self::Busy(_) | Self::Store(StoreError::Unavailable(_)) => both(said::BUSY),
            Self::NoSigningKey | Self::Store(_) => ("Das ist unser Fehler.", "This is our fault."),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany { retry_after, .. } => Some(*retry_after),
            Self::Busy(_) | Self::Store(StoreError::Unavailable(_)) => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// The answer in this language.
    pub(super) fn answer(&self, language: Language) -> Response {
        let (status, code) = self.status_and_code();
        let (german, english) = self.words();
        let mut message = Said { code, german, english }.in_language(language).to_owned();
        if let Self::Parameter(name) = self {
            message = format!("{message}: {name}.");
        }
        let hint = match self {
            Self::Forbidden(party) => Some(party.hint(language).to_owned()),
            _ => None,
        };
        let body = Json(ErrorList::one(code, message, hint));
        let mut response = (status, [(CACHE_CONTROL, "no-store")], body).into_response();
        let headers = response.headers_mut();
        match status {
            // RFC 9110 §11.6.1 and §15.5.22: what to do about it.
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"einlass\""));
            }
            StatusCode::UPGRADE_REQUIRED => {
                headers.insert(UPGRADE, HeaderValue::from_static("HTTP/1.1"));
            }
            _ => {}
        }
        if let Some(wait) = self.retry_after() {
            // Rounded up: who comes when told must not be told again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

const fn both(said: Said) -> (&'static str, &'static str) {
    (said.german, said.english)
}

impl IntoResponse for ScxError {
    /// Put into words by `visit::enter`, which knows the language.
    fn into_response(self) -> Response {
        let mut response = Response::new(axum::body::Body::empty());
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
