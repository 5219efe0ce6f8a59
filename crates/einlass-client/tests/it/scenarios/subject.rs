//! What a scenario is played with. The SDK is one; whatever else calls APIs with tokens can be another.

use super::clock::TestClock;
use super::format::{Body, Call, Outcome};
use bytes::Bytes;
use einlass_client::TokenCache;
use einlass_client::TokenError;
use einlass_client::api::{ApiClient, ApiError, ApiResponse, Body as Stream, NotRetried};
use einlass_client::environment::Environment;
use einlass_client::source::ClientCredentials;
use http_body_util::Full;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The body of calls that have one.
pub(crate) const BODY: &str = "the body";

/// Where the platform is and who the subject is to it. Its jitter is to be none.
pub(crate) struct Setup {
    pub(crate) base: String,
    pub(crate) secret_file: PathBuf,
    pub(crate) clock: Arc<TestClock>,
}

pub(crate) trait Subject: Send + Sync + 'static {
    /// Starts without asking for a token.
    fn start(setup: &Setup) -> Self;

    /// Makes one call of `/erp/v2/info`.
    fn call(&self, call: &Call) -> impl Future<Output = Outcome> + Send;
}

/// The SDK itself.
pub(crate) struct Sdk(ApiClient);

impl Subject for Sdk {
    fn start(setup: &Setup) -> Self {
        let environment = Environment::read(|name| match name {
            "EINLASS_URL" => Some(setup.base.clone()),
            "CLIENT_ID" => Some("app".into()),
            "CLIENT_SECRET_FILE" => setup.secret_file.to_str().map(Into::into),
            _ => None,
        });
        let environment = environment.unwrap();
        let source = ClientCredentials::new(&environment.auth_base, environment.credentials).unwrap();
        let clock = Arc::clone(&setup.clock);
        let tokens = TokenCache::with(source, clock, Arc::new(|_: Duration| Duration::ZERO));
        Self(ApiClient::new(environment.api_base, tokens).unwrap())
    }

    async fn call(&self, call: &Call) -> Outcome {
        let mut request = self.0.post("/erp/v2/info").no_tenant();
        if let Some((name, value)) = &call.header {
            request = request.header(name.parse().unwrap(), value.parse().unwrap());
        }
        request = match call.body {
            Body::None => request,
            Body::Bytes => request.body(BODY),
            Body::Stream => request.stream(Stream::wrap(Full::new(Bytes::from(BODY)))),
        };
        request.send().await.map_or_else(|error| failed(&error), |response| answered(&response))
    }
}

fn answered(response: &ApiResponse) -> Outcome {
    Outcome {
        status: Some(response.status().as_u16()),
        token: response.headers().get("x-token").map(|token| token.to_str().unwrap().parse().unwrap()),
        attempts: Some(response.attempts()),
        not_retried: response.not_retried().map(|why| reason(why).into()),
        error: None,
        retry_in: response.retry_after().map(|span| span.as_secs()),
    }
}

fn reason(why: NotRetried) -> &'static str {
    match why {
        NotRetried::BodyNotReplayable => "body_not_replayable",
        NotRetried::InsufficientScope => "insufficient_scope",
        NotRetried::NoOtherToken => "no_other_token",
        _ => "another",
    }
}

fn failed(error: &ApiError) -> Outcome {
    let (error, retry_in) = match error {
        ApiError::Token(error @ TokenError::Unavailable { .. }) => ("unavailable", Some(error.retry_in())),
        ApiError::Token(error @ TokenError::Rejected { .. }) => ("rejected", Some(error.retry_in())),
        ApiError::Reserved(_) => ("reserved", None),
        other => panic!("no scenario expects this: {other}"),
    };
    Outcome { error: Some(error.into()), retry_in: retry_in.map(|span| span.as_secs()), ..Outcome::default() }
}
