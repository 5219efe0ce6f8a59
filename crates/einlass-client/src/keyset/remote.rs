//! A key set over HTTP, public or behind a token.

use super::fetch::{Fetched, KeySetFetch};
use crate::cache::{Token, TokenCache};
use crate::fetch::{BoxFuture, FetchError};
use crate::transport::{self, BaseUrl, NoTls};
use einlass_protocol::jose::{KeySet, KeySetRejected};
use http::header::{AUTHORIZATION, CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use reqwest::{Client, Response, Url};
use std::time::Duration;

const LONGEST_BODY: usize = 256 * 1024;

/// A key set at a URL.
#[derive(Debug)]
pub struct HttpKeySet {
    url: Url,
    client: Client,
    tokens: Option<TokenCache>,
}

/// Why a key set cannot be fetched from a place at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoKeySetThere {
    /// The path does not begin with a slash or leads out of the base.
    #[error("the path does not lead to anything under the base URL")]
    Path,
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] NoTls),
}

impl HttpKeySet {
    /// The key set at `path` (as `/.well-known/jwks.json`) under `base`.
    pub fn new(base: &BaseUrl, path: &str) -> Result<Self, NoKeySetThere> {
        let url = base.endpoint(path).ok_or(NoKeySetThere::Path)?;
        Ok(Self { url, client: transport::short_answer_client(base)?, tokens: None })
    }

    /// The key set at a path that we wrote ourselves.
    pub(crate) fn own(base: &BaseUrl, path: &'static str) -> Result<Self, NoTls> {
        Ok(Self { url: base.own_endpoint(path), client: transport::short_answer_client(base)?, tokens: None })
    }

    /// The key set that is exactly here.
    pub(crate) fn at(url: &BaseUrl) -> Result<Self, NoTls> {
        Ok(Self { url: url.as_url().clone(), client: transport::short_answer_client(url)?, tokens: None })
    }

    /// Asks with a token. It goes to this URL alone, since no redirect is followed.
    #[must_use]
    pub fn with_tokens(self, tokens: TokenCache) -> Self {
        Self { tokens: Some(tokens), ..self }
    }

    async fn ask(&self, known: Option<&str>) -> Result<Response, FetchError> {
        let Some(tokens) = &self.tokens else {
            return self.send(known, None).await;
        };
        let token = tokens.token().await.map_err(Box::new)?;
        let response = self.send(known, Some(&token)).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        match tokens.instead_of(token.generation()).await {
            Ok(Some(other)) => self.send(known, Some(&other)).await,
            _ => Ok(response),
        }
    }

    async fn send(&self, known: Option<&str>, token: Option<&Token>) -> Result<Response, FetchError> {
        let mut request = self.client.get(self.url.clone());
        if let Some(tag) = known {
            request = request.header(IF_NONE_MATCH, tag);
        }
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, token.authorization());
        }
        request.send().await.map_err(transport::unreachable)
    }

    async fn get(&self, known: Option<&str>) -> Result<Fetched, FetchError> {
        let response = self.ask(known).await?;
        let (status, max_age) = (response.status(), max_age(response.headers()));
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        match status {
            StatusCode::NOT_MODIFIED => {
                Ok(Fetched { keys: None, tag: tag.or_else(|| known.map(str::to_owned)), max_age })
            }
            StatusCode::OK => Ok(Fetched { keys: Some(read(response).await?), tag, max_age }),
            _ if status.is_redirection() => Err(FetchError::Redirected(status)),
            // The cache's cool-down is the pause, whatever the answer asks for.
            _ => Err(FetchError::Status { status, retry_after: None }),
        }
    }
}

impl KeySetFetch for HttpKeySet {
    fn fetch(&self, known: Option<&str>) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        let known = known.map(str::to_owned);
        Box::pin(async move { self.get(known.as_deref()).await })
    }
}

async fn read(response: Response) -> Result<KeySet, FetchError> {
    let body = transport::read_body(response, LONGEST_BODY).await?;
    KeySet::parse(&body).map_err(|rejected| match rejected {
        KeySetRejected::Malformed => FetchError::Unreadable("not a JSON Web Key Set"),
        KeySetRejected::TooMany => FetchError::Unreadable("a key set with too many keys"),
    })
}

/// `max-age` of `Cache-Control` (RFC 9111 §5.2.2.1), in seconds.
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = headers.get_all(CACHE_CONTROL).into_iter().filter_map(|value| value.to_str().ok());
    let mut directives = directives.flat_map(|value| value.split(',')).map(str::trim);
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn max_age_is_found_among_other_directives() {
        let read = |value| {
            let headers = HeaderMap::from_iter([(CACHE_CONTROL, HeaderValue::from_static(value))]);
            max_age(&headers).map(|span| span.as_secs())
        };
        assert_eq!(read("public, max-age=300"), Some(300));
        assert_eq!(read("max-age=\"60\",must-revalidate"), Some(60));
        assert_eq!(read("no-store"), None);
        assert_eq!(read("max-age=soon"), None);
    }
}
