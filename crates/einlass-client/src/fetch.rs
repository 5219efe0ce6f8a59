//! What comes of asking an identity provider: a token, a key set, or one of a few typed failures.

use crate::transport::InvalidBaseUrl;
use einlass_protocol::oauth::ErrorCode;
use einlass_protocol::secret::Secret;
use http::StatusCode;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

/// A future that can be kept behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A token as a [`TokenSource`](crate::source::TokenSource) hands it over.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token itself.
    pub access_token: Secret,
    /// How long it lives, counted from before it was asked for.
    pub lifetime: Duration,
}

/// Why there is no token, or no key set. It names no secret, whatever the other side answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The credentials of our own cannot be read.
    #[error("the client's credentials cannot be read: {0}")]
    Credentials(String),
    /// No connection, or it broke.
    #[error("the identity provider cannot be reached: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("the identity provider did not answer in time")]
    TimedOut,
    /// An answer that says no more than its status.
    #[error("the identity provider answered with status {status}")]
    Status {
        /// Its status.
        status: StatusCode,
        /// How long it asks us to wait, from `Retry-After` (RFC 9110 §10.2.3).
        retry_after: Option<Duration>,
    },
    /// A redirect. Following one would hand the credentials to whoever it names.
    #[error("the identity provider answered with a redirect ({0}), and none is followed")]
    Redirected(StatusCode),
    /// An answer that cannot be used.
    #[error("the identity provider's answer cannot be used: {0}")]
    Unreadable(&'static str),
    /// An OAuth error (RFC 6749 §5.2) that will not go away by asking again.
    #[error("the identity provider refused: {}{}", .code.as_str(), Described(.description.as_deref()))]
    Rejected {
        /// Which one.
        code: ErrorCode,
        /// What the identity provider says about it.
        description: Option<String>,
    },
    /// The issuer's document is another issuer's, or names this one in another spelling.
    #[error("the document at {asked} is that of the issuer {found:?}: name the issuer as it names itself")]
    OtherIssuer {
        /// Who was asked.
        asked: String,
        /// Who answers.
        found: String,
    },
    /// The issuer's document does not name an endpoint, or one that nothing secret can be sent to.
    #[error("the issuer's document {}", Endpoint(.name, *.fault))]
    Endpoint {
        /// What the document calls it.
        name: &'static str,
        /// What is wrong with it, if it is there.
        fault: Option<InvalidBaseUrl>,
    },
    /// Nobody has signed in, or the file that keeps the sign-in cannot be used.
    #[error("{0}")]
    NotSignedIn(String),
    /// What a person once granted counts no more.
    #[error("the sign-in counts no more{}: sign in again", Described(.description.as_deref()))]
    SignInEnded {
        /// What the identity provider says about it.
        description: Option<String>,
    },
    /// A token was needed to fetch this, and there is none.
    #[error("no token to ask with: {0}")]
    NoToken(#[from] Box<crate::cache::TokenError>),
}

impl FetchError {
    /// Whether asking again is pointless until somebody has changed something.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Credentials(_)
                | Self::Rejected { .. }
                | Self::OtherIssuer { .. }
                | Self::NotSignedIn(_)
                | Self::SignInEnded { .. }
        )
    }

    /// How long the identity provider asked us to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// What is wrong with an endpoint.
struct Endpoint<'a>(&'a str, Option<InvalidBaseUrl>);

impl fmt::Display for Endpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name, fault) = self;
        match fault {
            None => write!(f, "names no {name}"),
            Some(fault) => write!(f, "has a {name} that cannot be used: {fault}"),
        }
    }
}

/// ` (text)`, or nothing.
struct Described<'a>(Option<&'a str>);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |text| write!(f, " ({text})"))
    }
}
