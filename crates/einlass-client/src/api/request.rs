//! A call, from its path to its answer.

use super::{ApiClient, ApiError, ApiResponse};
use bytes::Bytes;
use einlass_protocol::ids::TenantId;
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::{Body, Request, Response};

const TENANT: HeaderName = HeaderName::from_static("x-tenant-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A call that has not said yet for which tenant it is. There is no way to send it.
#[derive(Debug)]
#[must_use = "a call is made by `send`"]
pub struct Unaddressed<'a> {
    api: &'a ApiClient,
    method: Method,
    path: String,
}

impl<'a> Unaddressed<'a> {
    pub(super) fn new(api: &'a ApiClient, method: Method, path: &str) -> Self {
        Self { api, method, path: path.into() }
    }

    /// A call for this tenant: it is sent as `X-Tenant-ID`.
    pub fn tenant(self, tenant: TenantId) -> ApiRequest<'a> {
        self.addressed(Some(tenant))
    }

    /// A call that is for no tenant.
    pub fn no_tenant(self) -> ApiRequest<'a> {
        self.addressed(None)
    }

    fn addressed(self, tenant: Option<TenantId>) -> ApiRequest<'a> {
        ApiRequest { call: self, tenant, headers: HeaderMap::new(), body: None }
    }
}

/// A call that can be sent.
#[derive(Debug)]
#[must_use = "a call is made by `send`"]
pub struct ApiRequest<'a> {
    call: Unaddressed<'a>,
    tenant: Option<TenantId>,
    headers: HeaderMap,
    body: Option<Body>,
}

impl ApiRequest<'_> {
    /// Adds a header. `Authorization` and `X-Tenant-ID` are the client's own: with one of them the call fails
    /// before it is made.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// A body that is held in memory, so that it can be sent again after a 401.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.stream(body.into().into())
    }

    /// A body in JSON.
    pub fn json<T: serde::Serialize + ?Sized>(self, value: &T) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(value)?;
        // Without a charset: the platform's API refuses `application/json; charset=utf-8`.
        Ok(self.header(CONTENT_TYPE, JSON).body(body))
    }

    /// A body that is sent as it comes, see [`Body::wrap`]. It is gone once sent, so a 401 is not retried.
    pub fn stream(self, body: Body) -> Self {
        Self { body: Some(body), ..self }
    }

    /// Makes the call.
    ///
    /// Dropping the future drops the call, and leaves a token refresh that it started running.
    pub async fn send(self) -> Result<ApiResponse, ApiError> {
        let api = self.call.api;
        let request = self.build()?;
        api.credential.send(api, request).await
    }

    fn build(self) -> Result<Request, ApiError> {
        if let Some(name) = [AUTHORIZATION, TENANT].into_iter().find(|name| self.headers.contains_key(name)) {
            return Err(ApiError::Reserved(name));
        }
        let url = self.call.api.base.endpoint(&self.call.path).ok_or(ApiError::Path)?;
        let mut request = self.call.api.client.request(self.call.method, url).headers(self.headers);
        if let Some(tenant) = self.tenant {
            request = request.header(TENANT, tenant.to_string());
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        Ok(request.build()?)
    }
}

pub(super) async fn execute(
    api: &ApiClient,
    mut request: Request,
    authorization: HeaderValue,
) -> Result<Response, ApiError> {
    request.headers_mut().insert(AUTHORIZATION, authorization);
    Ok(api.client.execute(request).await?)
}

/// RFC 6750 §3.1: the token is good and opens too little; another one would not open more.
pub(super) fn lacks_scope(response: &Response) -> bool {
    let challenges = response.headers().get_all(WWW_AUTHENTICATE);
    challenges.iter().any(|value| value.to_str().is_ok_and(|text| text.contains("insufficient_scope")))
}
