//! HTTP as every credential needs it: encrypted, never redirected, with bounds in time and size.

mod base_url;
mod retry_after;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub(crate) use retry_after::retry_after;

use crate::fetch::FetchError;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE_ANSWER: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("einlass-client/", env!("CARGO_PKG_VERSION"));

/// TLS could not be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct NoTls(String);

/// What all our HTTP clients have in common.
pub(crate) fn client(base: &BaseUrl) -> ClientBuilder {
    // Redirects are answers, not instructions: whoever sends one would choose who gets the credential.
    let builder = Client::builder().redirect(Policy::none()).connect_timeout(CONNECT).user_agent(USER_AGENT);
    // What is plain stays on this machine or its network; a proxy from the environment would carry it off.
    if base.is_plain() { builder.no_proxy() } else { builder }
}

/// A client for small answers that somebody waits for: no redirects, at most ten seconds, and no proxy for what is
/// plain. To be used for this base alone.
pub fn short_answer_client(base: &BaseUrl) -> Result<Client, NoTls> {
    build(client(base).timeout(WHOLE_ANSWER))
}

pub(crate) fn build(builder: ClientBuilder) -> Result<Client, NoTls> {
    builder.build().map_err(|error| NoTls(causes(&error)))
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > limit {
            return Err(FetchError::Unreadable("the answer is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong on the way, without the URL.
pub(crate) fn unreachable(error: reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::TimedOut;
    }
    FetchError::Unreachable(causes(&error.without_url()))
}

/// The same for whom a machine without TLS is as good as one without a network.
pub(crate) fn no_tls(error: &NoTls) -> FetchError {
    FetchError::Unreachable(error.to_string())
}

/// An error and what caused it, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
