//! Calling the platform's APIs: each call states its tenant, carries a token, and survives one 401.
//!
//! - The token and the tenant go to the API base alone: paths are relative, and no redirect is followed.
//! - A 401 is answered with one repetition, if the body can be sent again and there is another token to try.
//!   That is right for calls that change something too: a call that was not authenticated was not processed.
//! - An on-premise key is no token: there is nothing to refresh, and a 401 is an error that says what to look at.
//! - 403, 429 and 5xx are handed to the caller as they come; [`ApiResponse::retry_after`] says how long to wait.

mod credential;
mod error;
mod request;
mod response;

pub use error::{ApiError, SetupError};
pub use request::{ApiRequest, Unaddressed};
pub use reqwest::Body;
pub use response::{ApiResponse, NotRetried};

use crate::cache::TokenCache;
use crate::environment::{Environment, OnpremEnvironment};
use crate::onprem::{Caller, Site};
use crate::source::ClientCredentials;
use crate::transport::{self, BaseUrl, NoTls};
use credential::Credential;
use http::Method;
use reqwest::Client;
use std::sync::Arc;
use std::time::Duration;

/// How long an API may stay silent. Answers may be long, so there is no bound on the whole.
const SILENCE: Duration = Duration::from_mins(1);

/// A client of the APIs under one base URL, in the name of one app. Clones share its connections and tokens.
#[derive(Clone, Debug)]
pub struct ApiClient {
    base: BaseUrl,
    client: Client,
    credential: Credential,
}

impl ApiClient {
    /// A client that takes its tokens from this cache.
    pub fn new(base: BaseUrl, tokens: TokenCache) -> Result<Self, NoTls> {
        Self::with(base, Credential::Tokens(tokens))
    }

    /// A client of a merchant's ERP. Paths are below its site, as `/v1/items`; there are no tenants.
    pub fn on_premise(site: &Site, caller: Caller) -> Result<Self, NoTls> {
        Self::with(site.base().clone(), Credential::Key(Arc::new(caller)))
    }

    fn with(base: BaseUrl, credential: Credential) -> Result<Self, NoTls> {
        let client = transport::build(transport::client(&base).read_timeout(SILENCE))?;
        Ok(Self { base, client, credential })
    }

    /// A client set up by the process's environment, see [`Environment`].
    pub fn from_env() -> Result<Self, SetupError> {
        Ok(Self::of(Environment::read(|name| std::env::var(name).ok())?)?)
    }

    /// A client of a merchant's ERP set up by the process's environment, see [`OnpremEnvironment`].
    pub fn on_premise_from_env() -> Result<Self, SetupError> {
        let OnpremEnvironment { site, caller } = OnpremEnvironment::read(|name| std::env::var(name).ok())?;
        Ok(Self::on_premise(&site, caller)?)
    }

    /// A client for what this environment names.
    pub fn of(environment: Environment) -> Result<Self, NoTls> {
        let source = ClientCredentials::new(&environment.auth_base, environment.credentials)?;
        Self::new(environment.api_base, TokenCache::new(source))
    }

    /// A `GET` of `path` (as `/erp/v2/info?page=2`).
    pub fn get(&self, path: &str) -> Unaddressed<'_> {
        self.request(Method::GET, path)
    }

    /// A `POST` to `path`.
    pub fn post(&self, path: &str) -> Unaddressed<'_> {
        self.request(Method::POST, path)
    }

    /// A call of any method.
    pub fn request(&self, method: Method, path: &str) -> Unaddressed<'_> {
        Unaddressed::new(self, method, path)
    }
}
