//! The administration API as these commands call it: paths in segments, bodies in JSON, refusals as failures.

use super::connection;
use super::refusal::Refusal;
use crate::commands::variable;
use crate::failure::Failure;
use einlass_client::transport::{self, BaseUrl};
use einlass_protocol::secret::{Secret, looks_secret};
use http::Method;
use http::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::{Value, json};
use std::error::Error as _;
use std::{io, iter::successors};

/// One platform's administration, and what opens it.
#[derive(Debug)]
pub(crate) struct Api {
    base: BaseUrl,
    client: Client,
    token: Option<Secret>,
}

impl Api {
    /// The platform and the token that the environment names.
    pub(crate) fn from_env() -> Result<Self, Failure> {
        let base = connection::url(variable)?.ok_or_else(connection::no_url)?;
        let token = connection::token(variable)?;
        Ok(Self { token: Some(token), ..Self::unopened(base)? })
    }

    /// The little that a platform lets do who has no token yet.
    pub(super) fn unopened(base: BaseUrl) -> Result<Self, Failure> {
        let client = transport::short_answer_client(&base)?;
        Ok(Self { base, client, token: None })
    }

    /// What is at this path, in JSON.
    pub(super) async fn get(&self, path: &[&str]) -> Result<Value, Failure> {
        self.find(path, &[]).await
    }

    /// What is at this path, of what the query asks for.
    pub(super) async fn find(&self, path: &[&str], query: &[(&str, String)]) -> Result<Value, Failure> {
        parse(&self.text(path, query).await?)
    }

    /// What is at this path, as it is.
    pub(crate) async fn text(&self, path: &[&str], query: &[(&str, String)]) -> Result<String, Failure> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.execute(self.client.get(url)).await
    }

    /// The id of what is at this path by another name.
    pub(super) async fn id_of(&self, path: &[&str]) -> Result<String, Failure> {
        let id = self.get(path).await?["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| Failure::Failed("the platform's answer has no id".into()))
    }

    /// Changes something, and gives what it is now. Members of the body that are null are left out, and so is a
    /// body without any.
    pub(super) async fn change(&self, method: Method, path: &[&str], body: Value) -> Result<Value, Failure> {
        let request = self.client.request(method, self.url(path)?);
        parse(&self.execute(with_body(request, body)).await?)
    }

    /// Makes one more of what is at this path.
    pub(super) async fn create(&self, path: &[&str], body: Value) -> Result<Value, Failure> {
        self.change(Method::POST, path, body).await
    }

    /// Does what this path stands for, which has nothing to say.
    pub(super) async fn act(&self, path: &[&str]) -> Result<(), Failure> {
        self.execute(self.client.post(self.url(path)?)).await.map(drop)
    }

    /// Ends what is at this path.
    pub(super) async fn delete(&self, path: &[&str]) -> Result<(), Failure> {
        self.execute(self.client.delete(self.url(path)?)).await.map(drop)
    }

    /// Denies every token of a subject, and what would get it new ones.
    pub(super) async fn revoke(&self, kind: &str, subject: &str) -> Result<(), Failure> {
        no_secret(subject)?;
        let request = self.client.post(self.url(&["revocations"])?);
        self.execute(with_body(request, json!({ "kind": kind, "subject": subject }))).await.map(drop)
    }

    fn url(&self, path: &[&str]) -> Result<Url, Failure> {
        path.iter().try_for_each(|segment| no_secret(segment))?;
        let url = self.base.below(["admin", "api"].iter().chain(path).copied());
        url.ok_or_else(|| Failure::Usage("an id or a name is not empty, `.` or `..`".into()))
    }

    async fn execute(&self, request: RequestBuilder) -> Result<String, Failure> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        };
        let response = request.send().await.map_err(|fault| self.unreachable(&fault))?;
        let status = response.status();
        let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let body = response.text().await.map_err(|fault| self.unreachable(&fault))?;
        if status.is_success() {
            return Ok(body);
        }
        Err(Refusal { base: &self.base, status, request_id: id.as_deref(), body: &body }.into())
    }

    fn unreachable(&self, fault: &reqwest::Error) -> Failure {
        if fault.is_builder() {
            return Failure::Credentials("the admin token has characters that no token has".into());
        }
        Failure::Unavailable(format!("the platform at {} does not answer: {}", self.base, why(fault)))
    }
}

/// Why there was no answer, in words: the innermost cause.
fn why(fault: &reqwest::Error) -> String {
    if fault.is_timeout() {
        return "it took too long".into();
    }
    let innermost = successors(fault.source(), |&cause| cause.source()).last();
    let Some(cause) = innermost else { return "it broke off".into() };
    let refused = |fault: &io::Error| fault.kind() == io::ErrorKind::ConnectionRefused;
    if cause.downcast_ref().is_some_and(refused) {
        return "nobody listens there".into();
    }
    let cause = cause.to_string();
    let remedy = if cause.contains("certificate") { "; name its authority in SSL_CERT_FILE" } else { "" };
    format!("{cause}{remedy}")
}

fn parse(body: &str) -> Result<Value, Failure> {
    serde_json::from_str(body).map_err(|fault| {
        Failure::Failed(format!(
            "what answers is not the administration API: its answer is no JSON ({fault})"
        ))
    })
}

/// What was not given is not sent: null would be a value.
fn with_body(request: RequestBuilder, mut body: Value) -> RequestBuilder {
    let Some(members) = body.as_object_mut() else { return request };
    members.retain(|_, value| !value.is_null());
    if members.is_empty() {
        return request;
    }
    request.header(CONTENT_TYPE, "application/json").body(body.to_string())
}

/// Where a secret was typed it is in the shell's history; it goes no further than that.
fn no_secret(name: &str) -> Result<(), Failure> {
    if !looks_secret(name) {
        return Ok(());
    }
    let message = "that is a secret, not an id or a name. It was not sent, but it is in this shell's history";
    Err(Failure::Usage(message.into()))
}
