//! What goes wrong on the way to a key, and the ERP's body for it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use einlass_protocol::erp::{Casing, ErpError};
use einlass_protocol::onprem::ManifestFault;
use einlass_store::StoreError;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// Why an app is not told what it wants to know.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OnPremiseError {
    #[error("there is no such ERP here; check the name behind /api")]
    NoSuchDatabase,
    #[error("unsupported api version")]
    ApiVersion,
    #[error(
        "send x-challengecode: 1 to 30 visible characters, the same with every call of this registration"
    )]
    ChallengeCode,
    #[error("the request is incomplete; see errors")]
    Manifest(ManifestFault),
    #[error("the request is larger than 512 KiB, or did not arrive within ten seconds")]
    Body,
    #[error("the signature is not the app's")]
    Signature,
    #[error("SignatureData must be a time within the last ten minutes")]
    SignatureTime,
    #[error(
        "nobody at the merchant waits for a registration: its admin opens App Registration and chooses Add"
    )]
    NobodyWaits,
    #[error("the merchant has no licence for apps")]
    Unlicensed,
    #[error("this app is registered here already; its admin can revoke that, and then it may register again")]
    Taken,
    #[error("there is no such registration, or it was begun with another x-challengecode")]
    Unknown,
    #[error("the key was read before; if it is lost, the admin can hand it out once more")]
    AlreadyRead,
    #[error("this registration has one instance")]
    OneInstance,
    #[error("too many requests; wait")]
    TooMany(Duration),
    #[error("this path takes other methods")]
    MethodNotAllowed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntoResponse for OnPremiseError {
    /// Left to whatever is around every request, which knows how names are written.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl OnPremiseError {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::ApiVersion
            | Self::ChallengeCode
            | Self::Manifest(_)
            | Self::Body
            | Self::Signature
            | Self::SignatureTime => StatusCode::BAD_REQUEST,
            Self::Unlicensed => StatusCode::PAYMENT_REQUIRED,
            Self::NobodyWaits | Self::OneInstance => StatusCode::FORBIDDEN,
            Self::NoSuchDatabase | Self::Unknown => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Taken => StatusCode::CONFLICT,
            Self::AlreadyRead => StatusCode::GONE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(StoreError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchDatabase => "UnknownDatabase",
            Self::ApiVersion => "UnsupportedApiVersion",
            Self::ChallengeCode => "InvalidChallengeCode",
            Self::Manifest(_) | Self::Body | Self::Signature | Self::SignatureTime => "InvalidRequest",
            Self::Unlicensed => "Unlicensed",
            Self::NobodyWaits => "NoRegistrationExpected",
            Self::Taken => "AppAlreadyRegistered",
            Self::Unknown => "UnknownRegistration",
            Self::AlreadyRead => "RegistrationAlreadyAnswered",
            Self::OneInstance => "OneInstance",
            Self::TooMany(_) => "TooManyRequests",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::Store(_) => "Unavailable",
        }
    }

    fn message(&self) -> String {
        match self {
            // What the database says is for the log.
            Self::Store(_) => "the platform cannot answer at the moment; try again".into(),
            other => other.to_string(),
        }
    }

    fn errors(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Manifest(ManifestFault(faults)) => {
                let each = |(name, words): (&&'static str, &Vec<String>)| (*name, words.join("; "));
                faults.iter().map(each).collect()
            }
            Self::ChallengeCode => vec![("x-challengecode", "is missing or not 1 to 30 characters".into())],
            Self::ApiVersion => vec![("api-version", "is not known here".into())],
            Self::Signature => {
                vec![("Signature", "is not one of the app's key over AppId.SignatureData".into())]
            }
            Self::SignatureTime => vec![("SignatureData", "is no time within the last ten minutes".into())],
            _ => Vec::new(),
        }
    }

    pub(super) fn answer(&self, casing: Casing) -> Response {
        if matches!(self, Self::Unlicensed) {
            return self.status().into_response();
        }
        let body = ErpError { code: self.code(), message: self.message(), errors: self.errors() };
        let mut response = (self.status(), Json(body.to_json(casing))).into_response();
        let seconds = match self {
            Self::TooMany(wait) => Some(wait.as_secs() + 1),
            Self::Store(_) => Some(1),
            _ => None,
        };
        response.headers_mut().extend(seconds.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
        response
    }
}
