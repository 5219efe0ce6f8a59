//! Why there is no key, and what stands in the way of one at the moment.

use super::keep::KeepError;
use super::manifest::InvalidManifest;
use crate::random::NoRandomness;
use http::StatusCode;
use std::time::Duration;

/// How a registration ended without a key. Nothing here improves by asking again: somebody has to do something first.
/// Neither key nor challenge code is in it, whatever the ERP answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The manifest cannot be sent. Nothing was.
    #[error("the manifest: {0}")]
    Manifest(#[from] InvalidManifest),
    /// There is nowhere to keep the key.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// There is no challenge code without it.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// 402.
    #[error("the merchant has no licence for this (402)")]
    Unlicensed,
    /// 409 to a registration.
    #[error(
        "the ERP has this app already, registered or waiting (409); it may be a request of ours whose answer was lost. \
         Its admin can revoke or reject it, or choose to replace it; then register again"
    )]
    AlreadyRegistered,
    /// 404 for a request.
    #[error(
        "the ERP does not know the request any more (404): it expired or was taken away. Forget it and register again"
    )]
    Expired,
    /// 404 to a registration.
    #[error(
        "nobody takes registrations there (404): is the URL the ERP's, and its end the name of the database?"
    )]
    NobodyThere,
    /// 410: somebody has read the key, perhaps we did and the answer was lost on its way.
    #[error(
        "the key was handed out before, and that happens once (410). The ERP's admin can hand it out again, and registering \
         again with the same file fetches it; or revoke it, and register anew"
    )]
    AlreadyRead,
    /// The admin said no. The request is forgotten, and another may be made.
    #[error("the ERP's admin has rejected the app")]
    Rejected,
    /// 400.
    #[error("the ERP does not understand the request (400){}", Said(.message.as_deref()))]
    Malformed {
        /// What the ERP says about it.
        message: Option<String>,
    },
    /// 400 because of the `api-version`, or because there was none.
    #[error("the ERP does not speak this api-version (400)")]
    UnsupportedApiVersion,
    /// A redirect. Following one would hand the challenge code to whoever it names.
    #[error("the ERP answered with a redirect ({0}), and none is followed: name the URL that it leads to")]
    Redirected(StatusCode),
    /// Another refusal.
    #[error("the ERP refused with status {status}{}", Said(.message.as_deref()))]
    Refused {
        /// Its status.
        status: StatusCode,
        /// What the ERP says about it.
        message: Option<String>,
    },
    /// The runtime was shut down, or there is a mistake in this crate.
    #[error("the request was interrupted; registering again goes on from there")]
    Interrupted,
}

/// What a registration waits for. It is told after each request that did not end it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Progress {
    /// 403: nobody at the merchant has opened App Registration, where an admin chooses to add an app. Until then no
    /// request is taken, and it is tried again.
    NobodyWaits,
    /// The request is there, and an admin has not decided yet.
    Pending,
    /// No answer that says anything, which may pass.
    Failing {
        /// What happened.
        fault: Fault,
        /// How long until the next try.
        retry_in: Duration,
    },
}

/// What may pass by itself.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No connection, or it broke.
    #[error("the ERP cannot be reached: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("the ERP did not answer in time")]
    TimedOut,
    /// Too many requests, or a failure of the ERP's.
    #[error("the ERP answered with status {0}")]
    Status(StatusCode),
    /// An answer that cannot be used.
    #[error("the ERP's answer cannot be used: {0}")]
    Unreadable(&'static str),
}

/// `: text`, or nothing.
struct Said<'a>(Option<&'a str>);

impl std::fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |text| write!(f, ": {text}"))
    }
}
