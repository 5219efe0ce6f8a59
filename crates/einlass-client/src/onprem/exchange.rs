//! One request of a registration, its answer, and what is kept of it.

use super::answer::{self, Decision, Setback};
use super::error::RegisterError;
use super::keep::{Kept, Open};
use super::{Registered, Site};
use crate::transport;
use bytes::Bytes;
use einlass_protocol::secret::Secret;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Response};

const CHALLENGE: HeaderName = HeaderName::from_static("x-challengecode");
const API_VERSION: HeaderName = HeaderName::from_static("api-version");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const ENDPOINT: &str = "authentication";

/// Who asks, and where.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) client: Client,
    pub(super) site: Site,
    pub(super) api_version: Option<HeaderValue>,
}

/// What one request has led to. It is kept already.
pub(super) enum Step {
    /// The ERP has the request.
    Requested(Kept),
    /// The admin has not decided.
    Undecided,
    /// There is a key.
    Done(Registered),
    /// Not further.
    Back(Setback),
}

impl Exchange {
    /// Takes one registration one step further.
    pub(super) async fn step(
        self,
        app_id: String,
        body: Bytes,
        kept: Kept,
        open: &Open,
    ) -> Result<Step, RegisterError> {
        match kept {
            Kept::Asking { challenge } => self.ask(&app_id, body, challenge, open).await,
            Kept::Waiting { challenge, request_id } => {
                self.poll(&app_id, &challenge, &request_id, open).await
            }
            Kept::Registered(registered) => Ok(Step::Done(registered)),
        }
    }

    async fn ask(
        &self,
        app_id: &str,
        body: Bytes,
        challenge: Secret,
        open: &Open,
    ) -> Result<Step, RegisterError> {
        let Some(url) = self.site.base().below([ENDPOINT]) else { return Err(RegisterError::NobodyThere) };
        // Without a charset: the platform's API refuses `application/json; charset=utf-8`.
        let request = self.client.post(url).header(CONTENT_TYPE, JSON).body(body);
        let answer = match self.send(request, &challenge).await {
            Ok(response) => answer::requested(response, &challenge).await,
            Err(setback) => Err(setback),
        };
        let request_id = match answer {
            Ok(request_id) => request_id,
            Err(setback) => return Ok(Step::Back(setback)),
        };
        let kept = Kept::Waiting { challenge, request_id };
        open.write(&self.site, app_id, &kept)?;
        Ok(Step::Requested(kept))
    }

    async fn poll(
        &self,
        app_id: &str,
        challenge: &Secret,
        id: &str,
        open: &Open,
    ) -> Result<Step, RegisterError> {
        // An id that cannot be part of a URL is one that nobody knows.
        let Some(url) = self.site.base().below([ENDPOINT, id]) else { return Err(RegisterError::Expired) };
        let answer = match self.send(self.client.get(url), challenge).await {
            Ok(response) => answer::decided(response, challenge).await,
            Err(setback) => Err(setback),
        };
        match answer {
            Ok(Decision::Pending) => Ok(Step::Undecided),
            Ok(Decision::Rejected) => {
                open.clear()?;
                Err(RegisterError::Rejected)
            }
            Ok(Decision::Accepted(registered)) => {
                open.write(&self.site, app_id, &Kept::Registered(registered.clone()))?;
                Ok(Step::Done(registered))
            }
            Err(setback) => Ok(Step::Back(setback)),
        }
    }

    async fn send(&self, request: RequestBuilder, challenge: &Secret) -> Result<Response, Setback> {
        let mut code = HeaderValue::from_str(challenge.expose())
            .map_err(|_| Setback::Final(RegisterError::Malformed { message: None }))?;
        code.set_sensitive(true);
        let request = request.header(CHALLENGE, code);
        let request = match &self.api_version {
            Some(version) => request.header(API_VERSION, version),
            None => request,
        };
        request.send().await.map_err(|error| answer::passing(transport::unreachable(error)))
    }
}
