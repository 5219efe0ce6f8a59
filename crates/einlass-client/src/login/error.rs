//! Why nobody is signed in, or signed out.

use super::SignInFileError;
use crate::fetch::FetchError;
use crate::random::NoRandomness;
use einlass_protocol::jose::TokenRejected;
use std::fmt;
use std::io;
use std::time::Duration;

/// How a sign-in ended without tokens. Neither code nor token is in it, whatever the platform answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The scope lacks `openid`. Nothing was sent.
    #[error("the scope needs `openid`: without it the platform does not say who signed in")]
    NoOpenId,
    /// The issuer does not say where its endpoints are.
    #[error("{issuer} does not say where one signs in: {cause}")]
    Discovery {
        /// Who was asked.
        issuer: String,
        /// What happened.
        cause: FetchError,
    },
    /// The browser has nowhere to come back to.
    #[error("nothing can listen on 127.0.0.1: {0}")]
    Listen(io::Error),
    /// There is nothing to recognise the answer by.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// Nobody came back in time.
    #[error("nobody signed in within {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// The person or the platform says no.
    #[error("nobody was signed in: {error}{}", Said(.description.as_deref()))]
    Refused {
        /// What the platform calls it, as `access_denied`.
        error: String,
        /// What it says about it.
        description: Option<String>,
    },
    /// RFC 9207 §2.4: somebody tries to have a code redeemed at the wrong place, or the issuer answers under another name.
    #[error("the answer is another issuer's, and its code was not used")]
    OtherIssuer,
    /// An answer that says nothing.
    #[error("the answer has neither a code nor an error")]
    NoCode,
    /// There are no tokens for the code.
    #[error("the code was not redeemed: {0}")]
    Exchange(FetchError),
    /// Nothing says who signed in.
    #[error("the platform does not say who signed in: there is no ID token in its answer")]
    NoIdToken,
    /// The ID token cannot be checked.
    #[error("the ID token cannot be checked: {0}")]
    Keys(FetchError),
    /// The ID token is not believed.
    #[error("the ID token is not believed: {0}")]
    IdToken(TokenRejected),
}

/// Why somebody is still signed in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignOutError {
    /// There is no sign-in, or it cannot be read or removed.
    #[error(transparent)]
    File(#[from] SignInFileError),
    /// The platform did not take it back.
    #[error("the platform has not ended the sign-in: {0}")]
    Platform(FetchError),
    /// The platform names no place where a sign-in is given back.
    #[error("the platform does not say where a sign-in is ended")]
    Nowhere,
}

/// ` (text)`, or nothing.
struct Said<'a>(Option<&'a str>);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |text| write!(f, " ({text})"))
    }
}
