//! An answer, and how it was come by.

use super::ApiError;
use crate::transport;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::Response;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Why a 401 was handed to the caller as it came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NotRetried {
    /// The body was a stream and is gone.
    BodyNotReplayable,
    /// The API says that the token opens too little (RFC 6750 §3.1).
    InsufficientScope,
    /// There is no token that was not refused already: none could be fetched, or one just was.
    NoOtherToken,
}

/// An API's answer. Its body arrives as it is read.
#[derive(Debug)]
pub struct ApiResponse {
    response: Response,
    attempts: u8,
    not_retried: Option<NotRetried>,
}

impl ApiResponse {
    pub(super) fn new(response: Response, attempts: u8, not_retried: Option<NotRetried>) -> Self {
        Self { response, attempts, not_retried }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// How long the API asks to wait before the next call (RFC 9110 §10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        transport::retry_after(self.response.headers())
    }

    /// How often the call was made: once, or twice after a 401.
    #[must_use]
    pub fn attempts(&self) -> u8 {
        self.attempts
    }

    /// For a 401 after the first attempt, why there was no second one.
    #[must_use]
    pub fn not_retried(&self) -> Option<NotRetried> {
        self.not_retried
    }

    /// The next piece of the body; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ApiError> {
        Ok(self.response.chunk().await?)
    }

    /// The whole body, in memory.
    pub async fn bytes(self) -> Result<Bytes, ApiError> {
        Ok(self.response.bytes().await?)
    }

    /// The whole body, read as JSON whatever its `Content-Type` says.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        Ok(serde_json::from_slice(&self.bytes().await?)?)
    }
}
