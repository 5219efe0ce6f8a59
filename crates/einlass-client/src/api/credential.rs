//! What a client's calls carry, and what becomes of one that was not let in.

use super::request::{execute, lacks_scope};
use super::{ApiClient, ApiError, ApiResponse, NotRetried};
use crate::cache::{Token, TokenCache};
use crate::onprem::Caller;
use http::{HeaderMap, StatusCode};
use reqwest::{Request, Response};
use std::sync::Arc;

/// In whose name a client calls.
#[derive(Clone, Debug)]
pub(super) enum Credential {
    /// Tokens that stay fresh.
    Tokens(TokenCache),
    /// A key that never changes by itself.
    Key(Arc<Caller>),
}

impl Credential {
    /// Makes the call.
    pub(super) async fn send(&self, api: &ApiClient, request: Request) -> Result<ApiResponse, ApiError> {
        match self {
            Self::Tokens(tokens) => with_token(api, tokens, request).await,
            Self::Key(caller) => with_key(api, caller, request).await,
        }
    }
}

async fn with_token(api: &ApiClient, tokens: &TokenCache, request: Request) -> Result<ApiResponse, ApiError> {
    // `None` for a stream.
    let again = request.try_clone();
    let token = tokens.token().await?;
    let first = execute(api, request, token.authorization().clone()).await?;
    if first.status() != StatusCode::UNAUTHORIZED {
        return Ok(ApiResponse::new(first, 1, None));
    }
    match another(tokens, lacks_scope(&first), again, &token).await {
        Ok((again, other)) => {
            let second = execute(api, again, other.authorization().clone()).await?;
            Ok(ApiResponse::new(second, 2, None))
        }
        Err(why_not) => Ok(ApiResponse::new(first, 1, Some(why_not))),
    }
}

/// What a call that was answered with 401 can be made again with.
async fn another(
    tokens: &TokenCache,
    lacks_scope: bool,
    again: Option<Request>,
    refused: &Token,
) -> Result<(Request, Arc<Token>), NotRetried> {
    if lacks_scope {
        return Err(NotRetried::InsufficientScope);
    }
    let again = again.ok_or(NotRetried::BodyNotReplayable)?;
    // An identity provider that fails now does not make this call's answer less of a 401.
    let other = tokens.instead_of(refused.generation()).await.ok().flatten();
    Ok((again, other.ok_or(NotRetried::NoOtherToken)?))
}

/// There is no other key to try: a 401 stands, and says what to look at.
async fn with_key(api: &ApiClient, caller: &Caller, mut request: Request) -> Result<ApiResponse, ApiError> {
    add(request.headers_mut(), caller.headers());
    let response = execute(api, request, caller.authorization().map_err(ApiError::Key)?).await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(ApiResponse::new(response, 1, None));
    }
    Err(ApiError::KeyRefused { base: api.base.to_string(), request_id: request_id(&response) })
}

/// What the call says itself goes before.
fn add(headers: &mut HeaderMap, more: &HeaderMap) {
    for (name, value) in more {
        headers.entry(name).or_insert_with(|| value.clone());
    }
}

fn request_id(response: &Response) -> Option<String> {
    let id = response.headers().get("x-request-id")?.to_str().ok()?;
    Some(id.chars().take(64).collect())
}
