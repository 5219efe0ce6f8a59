//! Why a call has no answer.

use crate::cache::TokenError;
use crate::environment::InvalidEnvironment;
use crate::fetch::FetchError;
use crate::transport::{self, NoTls};
use http::HeaderName;

/// A call that got no answer, or whose answer cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// There is no token to send. The call was not made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// There is no on-premise key to send. The call was not made.
    #[error("{0}")]
    Key(FetchError),
    /// The ERP answered 401 to an on-premise key, which nothing but another key will change. The call was not processed.
    #[error(
        "{base} does not accept the API key (401, request id {}). Was it revoked at App Registration? Is it the key of \
         another database than the URL ends in? Does something in between send `Bearer` in place of `Wawi`, or nothing?",
        .request_id.as_deref().unwrap_or("none")
    )]
    KeyRefused {
        /// Where the call went.
        base: String,
        /// The answer's `X-Request-Id`.
        request_id: Option<String>,
    },
    /// The path does not begin with a slash or leads out of the API base. The call was not made.
    #[error("the path does not lead to anything under the API base")]
    Path,
    /// A header that the client sets itself, so that a call cannot say one thing and mean another. The call
    /// was not made.
    #[error("the header {0} is set by the client")]
    Reserved(HeaderName),
    /// No connection, or it broke. The call may have been processed.
    #[error("the API cannot be reached: {0}")]
    Unreachable(String),
    /// Silence for too long. The call may have been processed.
    #[error("the API did not answer in time")]
    TimedOut,
    /// JSON that cannot be written or read as that type.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        Self::Unreachable(transport::causes(&error.without_url()))
    }
}

/// Why there can be no client at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The environment lacks something.
    #[error(transparent)]
    Environment(#[from] InvalidEnvironment),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] NoTls),
}
