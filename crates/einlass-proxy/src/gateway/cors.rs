//! Pages in browsers: which of them may read what is answered here, and what their browsers ask beforehand (the Fetch
//! standard, "CORS protocol"). Who may read an answer says nothing of what the call may do: it is judged like any other.

use super::directory::{Directory, DirectoryUnavailable};
use super::door::{Apps, Door};
use super::headers::remove_all;
use super::refusal::Refusal;
use crate::body::{Body, full};
use einlass_protocol::cors;
use einlass_protocol::policy::{Method as Allowed, Policy, RequestPath};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

/// What a page may send along: what calls are judged by, what says which version of what is wanted, and what says what the
/// caller has already. Cookies are not among it, since no answer allows credentials.
const SENT: [&str; 18] = [
    "accept",
    "accept-language",
    "api-version",
    "authorization",
    "cache-control",
    "content-language",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "prefer",
    "x-appid",
    "x-appversion",
    "x-request-id",
    "x-runas",
    "x-stability-level",
    "x-tenant-id",
];

/// What a page may read besides what every page may.
const READ: HeaderValue = HeaderValue::from_static(
    "allow, etag, location, retry-after, www-authenticate, x-ratelimit-interval-length-seconds, \
     x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id",
);

/// For paths that no document names.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const BY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const BY_QUESTION: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// A page that a request says it comes from.
pub(super) struct Page {
    /// Its origin, if an app has registered it.
    origin: Result<Option<HeaderValue>, DirectoryUnavailable>,
    /// Whether its browser asks before it sends what it is to send.
    pub(super) is_asking: bool,
}

impl Page {
    /// The page behind a request. Most callers are none, and then there is nothing to find out.
    pub(super) async fn behind<D: Directory>(
        door: &Door<D>,
        method: &Method,
        headers: &HeaderMap,
    ) -> Option<Self> {
        let Door::Apps(apps) = door else { return None };
        if !headers.contains_key(ORIGIN) {
            return None;
        }
        let is_asking = method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        // Boxed, so that other calls need no room for it.
        let origin = Box::pin(registered(apps, headers)).await;
        Some(Self { origin, is_asking })
    }

    /// The answer to a preflight: neither token nor tenant comes with one.
    pub(super) fn answer(
        &self,
        asked: &HeaderMap,
        policy: &Policy,
        path: &str,
    ) -> Result<Response<Body>, Refusal> {
        if self.origin.as_ref().map_err(|why| *why)?.is_none() {
            return Err(Refusal::OriginUnknown);
        }
        let mut response = Response::new(full(""));
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods(policy, path));
        let asked = asked.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter().map(HeaderValue::as_bytes);
        let sent = cors::known_headers(asked, &SENT);
        if !sent.is_empty() {
            headers.extend(HeaderValue::from_str(&sent).map(|sent| (ACCESS_CONTROL_ALLOW_HEADERS, sent)));
        }
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(cors::MAX_AGE));
        Ok(response)
    }

    fn put_on(&self, headers: &mut HeaderMap) {
        // Another page's answer is another, whatever this one's is ("CORS protocol and HTTP caches").
        headers.append(VARY, if self.is_asking { BY_QUESTION } else { BY_ORIGIN });
        let Ok(Some(origin)) = &self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if !self.is_asking {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, READ);
        }
    }
}

/// Says in an answer who may read it. What the upstream said of that counts for nothing: the door is ours.
pub(super) fn finish<D>(door: &Door<D>, page: Option<&Page>, headers: &mut HeaderMap) {
    if !matches!(door, Door::Apps(_)) {
        return;
    }
    if !page.is_some_and(|page| page.is_asking) {
        remove_all(headers, |name| name.starts_with("access-control-"));
    }
    if let Some(page) = page {
        page.put_on(headers);
    }
}

/// The one origin of a request, if an app has registered it.
async fn registered<D: Directory>(
    apps: &Apps<D>,
    headers: &HeaderMap,
) -> Result<Option<HeaderValue>, DirectoryUnavailable> {
    let mut values = headers.get_all(ORIGIN).iter();
    // A browser sends one (the Fetch standard, "`Origin` header").
    let (Some(value), None) = (values.next(), values.next()) else { return Ok(None) };
    let Some(origin) = cors::origin(value.as_bytes()) else { return Ok(None) };
    Ok(apps.origins.has(origin).await?.then(|| value.clone()))
}

/// What can be done at a path.
fn methods(policy: &Policy, path: &str) -> HeaderValue {
    let allowed = RequestPath::parse(path).map(|path| policy.allowed(&path)).unwrap_or_default();
    if allowed.is_empty() {
        return METHODS;
    }
    let names: Vec<_> = allowed.into_iter().map(Allowed::as_str).collect();
    HeaderValue::from_str(&names.join(", ")).unwrap_or(METHODS)
}
