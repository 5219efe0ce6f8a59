//! The marketplace's exchange: a long-lived refresh token for an `authToken`, which the [cache](crate::cache) keeps fresh
//! like any other token.

mod answer;
mod refresh_token;

pub use refresh_token::RefreshToken;

use super::TokenSource;
use crate::fetch::{BoxFuture, FetchError, IssuedToken};
use crate::transport::{self, BaseUrl, NoTls};
use einlass_protocol::secret::Secret;
use http::HeaderValue;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Request, Url};
use std::sync::{Mutex, PoisonError};

const PATH: &str = "/auth";
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const ENGLISH: HeaderValue = HeaderValue::from_static("en");

/// Tokens for a channel or a seller, from `{SCX base}/auth`.
#[derive(Debug)]
pub struct Scx {
    client: Client,
    endpoint: Url,
    refresh_token: RefreshToken,
    /// What the last request presented.
    presented: Mutex<Option<Secret>>,
}

impl Scx {
    /// Tokens for whoever has this refresh token. `base` ends with `/v1`.
    pub fn new(base: &BaseUrl, refresh_token: RefreshToken) -> Result<Self, NoTls> {
        let (client, endpoint) = (transport::short_answer_client(base)?, base.own_endpoint(PATH));
        Ok(Self { client, endpoint, refresh_token, presented: Mutex::default() })
    }

    async fn exchange(&self) -> Result<IssuedToken, FetchError> {
        self.present(None);
        let held = self.refresh_token.hold().await?;
        let token = held.read()?;
        self.present(Some(token.clone()));
        let response = self.client.execute(self.request(&token)?).await.map_err(transport::unreachable)?;
        let answer::Answered { issued, successor } = answer::read(response, &token).await?;
        if let Some(successor) = successor {
            // The one before may count no longer: what follows it is safe before anything is done with the answer.
            self.present(Some(successor.clone()));
            held.replace(successor)?;
        }
        Ok(issued)
    }

    fn request(&self, token: &Secret) -> Result<Request, FetchError> {
        let body = format!("refreshToken={}", utf8_percent_encode(token.expose(), NON_ALPHANUMERIC));
        let request = self.client.post(self.endpoint.clone()).header(CONTENT_TYPE, FORM);
        request.header(ACCEPT_LANGUAGE, ENGLISH).body(body).build().map_err(transport::unreachable)
    }

    fn present(&self, token: Option<Secret>) {
        *self.presented.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }
}

impl TokenSource for Scx {
    fn fetch(&self) -> BoxFuture<'_, Result<IssuedToken, FetchError>> {
        Box::pin(self.exchange())
    }

    fn credentials_changed(&self) -> bool {
        let now = self.refresh_token.read().ok();
        let presented = self.presented.lock().unwrap_or_else(PoisonError::into_inner);
        now.as_ref().map(Secret::expose) != presented.as_ref().map(Secret::expose)
    }
}
