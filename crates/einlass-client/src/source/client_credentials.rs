//! The client credentials grant (RFC 6749 §4.4) as the platform's own clients speak it.

use super::{Credentials, TokenSource, answer};
use crate::fetch::{BoxFuture, FetchError, IssuedToken};
use crate::transport::{self, BaseUrl, NoTls};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::Secret;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Request, Url};
use std::sync::{Mutex, PoisonError};

const PATH: &str = "/oauth2/token";
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Tokens for a client in its own name, from `{auth base}/oauth2/token`.
#[derive(Debug)]
pub struct ClientCredentials {
    client: Client,
    endpoint: Url,
    credentials: Credentials,
    body: String,
    /// What the last request presented.
    presented: Mutex<Option<Secret>>,
}

impl ClientCredentials {
    /// Tokens with every scope that the client has.
    pub fn new(auth_base: &BaseUrl, credentials: Credentials) -> Result<Self, NoTls> {
        let endpoint = auth_base.own_endpoint(PATH);
        let client = transport::short_answer_client(auth_base)?;
        let body = "grant_type=client_credentials".to_owned();
        Ok(Self { client, endpoint, credentials, body, presented: Mutex::default() })
    }

    /// Tokens with these scopes alone.
    #[must_use]
    pub fn narrowed_to(mut self, scopes: &ScopeSet) -> Self {
        let scopes = scopes.to_string();
        self.body =
            format!("grant_type=client_credentials&scope={}", utf8_percent_encode(&scopes, NON_ALPHANUMERIC));
        self
    }

    async fn ask(&self) -> Result<IssuedToken, FetchError> {
        self.present(None);
        let credentials = self.credentials.read()?;
        // Id and secret raw, as the platform's own clients send them; RFC 6749 §2.3.1 would have them
        // form-encoded first, which is the same for every credential that is issued.
        let basic = credentials.to_header();
        self.present(Some(basic.clone()));
        let response = self.client.execute(self.request(&basic)?).await.map_err(transport::unreachable)?;
        let secrets = [credentials.secret.expose(), basic.expose().trim_start_matches("Basic ")];
        let granted = answer::read(response).await.map_err(|error| answer::discreet(error, &secrets))?;
        Ok(granted.issued)
    }

    fn request(&self, basic: &Secret) -> Result<Request, FetchError> {
        let mut authorization = HeaderValue::from_str(basic.expose())
            .map_err(|_| FetchError::Credentials("not fit for a header".into()))?;
        authorization.set_sensitive(true);
        let request = self.client.post(self.endpoint.clone()).header(AUTHORIZATION, authorization);
        request.header(CONTENT_TYPE, FORM).body(self.body.clone()).build().map_err(transport::unreachable)
    }

    fn present(&self, basic: Option<Secret>) {
        *self.presented.lock().unwrap_or_else(PoisonError::into_inner) = basic;
    }
}

impl TokenSource for ClientCredentials {
    fn fetch(&self) -> BoxFuture<'_, Result<IssuedToken, FetchError>> {
        Box::pin(self.ask())
    }

    fn credentials_changed(&self) -> bool {
        let now = self.credentials.read().ok().map(|credentials| credentials.to_header());
        let presented = self.presented.lock().unwrap_or_else(PoisonError::into_inner);
        now.as_ref().map(Secret::expose) != presented.as_ref().map(Secret::expose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_everything_but_its_credentials() {
        let credentials = Credentials::new(&"app".parse().unwrap(), Secret::new("hush".into()));
        let basic = credentials.read().unwrap().to_header();
        let source = ClientCredentials::new(&"https://example.com".parse().unwrap(), credentials).unwrap();
        let scopes = "items.read orders.write".parse().unwrap();
        let request = source.narrowed_to(&scopes).request(&basic).unwrap();
        assert_eq!(request.headers()[AUTHORIZATION], "Basic YXBwOmh1c2g=");
        assert_eq!(request.url().as_str(), "https://example.com/oauth2/token");
        let body = request.body().unwrap().as_bytes().unwrap();
        assert_eq!(body, b"grant_type=client_credentials&scope=items%2Eread%20orders%2Ewrite");
        assert!(!format!("{request:?}").contains("YXBw"));
    }
}
