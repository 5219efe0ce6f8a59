//! Why a request got no answer from its upstream.

use super::connect::ConnectTimedOut;
use super::idle::Stalled;
use super::upload::Unreadable;
use crate::body::BoxError;
use hyper_util::client::legacy;
use std::error::Error;

/// Why a request got no answer from its upstream.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    /// The upstream refused the connection, or TLS with it failed.
    #[error("cannot connect to the upstream")]
    Connect(#[source] BoxError),
    /// The upstream did not take the connection in time.
    #[error("the upstream took no connection in time")]
    ConnectTimedOut,
    /// The upstream did not begin its answer in time.
    #[error("the upstream did not answer in time")]
    HeadTimedOut,
    /// The caller did not go on with its body in time.
    #[error("the caller's body did not go on in time")]
    CallerStalled,
    /// The caller's body is malformed, or ended early.
    #[error("the caller's body cannot be read to its end")]
    CallerBroken,
    /// The upstream closed the connection or does not speak HTTP.
    #[error("the upstream broke off")]
    Broken(#[source] BoxError),
    /// The upstream switched to another protocol, which nobody asked for.
    #[error("the upstream switched protocols")]
    Upgrade,
    /// Path and query are too long together.
    #[error("the request target does not fit")]
    Target(#[from] http::Error),
}

impl ForwardError {
    /// Of the general client.
    pub(super) fn from_client(error: legacy::Error) -> Self {
        if error.is_connect() { Self::from_connect(error.into()) } else { Self::from_exchange(error) }
    }

    /// There is no connection.
    pub(super) fn from_connect(error: BoxError) -> Self {
        if has_cause::<ConnectTimedOut>(&*error) { Self::ConnectTimedOut } else { Self::Connect(error) }
    }

    /// There was one.
    pub(super) fn from_exchange(error: impl Error + Send + Sync + 'static) -> Self {
        if has_cause::<Stalled>(&error) {
            return Self::CallerStalled;
        }
        if has_cause::<Unreadable>(&error) {
            return Self::CallerBroken;
        }
        Self::Broken(error.into())
    }
}

/// Whether it is such an error, or came from one.
fn has_cause<T: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&cause| cause.source()).any(<dyn Error>::is::<T>)
}
