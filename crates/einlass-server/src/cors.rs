//! Pages in browsers: which of them may read what we answer them, and what their browsers ask beforehand (the Fetch standard,
//! "CORS protocol"). The gateway's calls are the gateway's to answer.

use crate::Platform;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use einlass_protocol::cors;
use einlass_store::{Store, StoreError};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, RETRY_AFTER, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use moka::sync::Cache;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// What a page may send along, and what it may read besides what every page may.
const SENT: [&str; 5] = ["accept", "accept-language", "authorization", "content-type", "x-request-id"];
const READ: HeaderValue = HeaderValue::from_static("retry-after, www-authenticate, x-request-id");

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
const EVERYBODY: HeaderValue = HeaderValue::from_static("*");
const BY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const BY_QUESTION: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

const MOST_ORIGINS: u64 = 10_000;
/// How late a node may hear that an origin is registered no more, if word of it does not come through.
const FRESH_FOR: Duration = Duration::from_secs(30);
/// How much of the store those who invent origins may take up, and how long one of them waits for another one.
const SHARE_OF_STRANGERS: u32 = 4;
const PATIENCE: Duration = Duration::from_millis(500);

/// Which origins apps have registered, remembered for a while. That an origin is nobody's is remembered too.
pub(crate) struct Origins {
    store: Store,
    recent: Cache<Box<str>, bool>,
    /// How often they were forgotten.
    forgotten: Mutex<u64>,
    strangers: Semaphore,
}

/// Nobody can say now.
#[derive(Clone, Copy, Debug)]
struct Unavailable;

impl Origins {
    pub(crate) fn new(store: Store) -> Self {
        let recent = Cache::builder().max_capacity(MOST_ORIGINS).time_to_live(FRESH_FOR).build();
        let places = (store.most_connections() / SHARE_OF_STRANGERS).max(1);
        Self { store, recent, forgotten: Mutex::new(0), strangers: Semaphore::new(places as usize) }
    }

    /// Forgets all of them: from here on the store is asked.
    pub(crate) fn forget(&self) {
        *self.forgotten() += 1;
        self.recent.invalidate_all();
    }

    /// Whether an app has registered this origin. To be asked on the store's runtime.
    async fn look_up(&self, origin: Box<str>) -> Result<bool, Unavailable> {
        let place = timeout(PATIENCE, self.strangers.acquire()).await;
        let _place = place.ok().and_then(Result::ok).ok_or(Unavailable)?;
        let seen = *self.forgotten();
        let is_registered = self.store.is_registered_origin(&origin).await.map_err(|fault: StoreError| {
            tracing::error!(target: "einlass::cors", %fault, "the store cannot be asked");
            Unavailable
        })?;
        let forgotten = self.forgotten();
        // What was looked up before something was forgotten may be just that.
        if *forgotten == seen {
            self.recent.insert(origin, is_registered);
        }
        Ok(is_registered)
    }

    fn forgotten(&self) -> MutexGuard<'_, u64> {
        self.forgotten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the pages of registered origins read what is answered.
pub(crate) async fn of_registered(
    State(platform): State<Arc<Platform>>,
    request: Request,
    next: Next,
) -> Response {
    answered(&platform, request, |request| next.run(request)).await
}

/// Lets every page read what is answered: it is public.
pub(crate) async fn of_everybody(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
    response
}

/// The same as [`of_registered`] without a router.
pub(crate) async fn answered<F: Future<Output = Response>>(
    platform: &Arc<Platform>,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    // Most callers are no pages, and then there is nothing to find out.
    if !request.headers().contains_key(ORIGIN) {
        return answer(request).await;
    }
    // Boxed, so that other requests need no room for it.
    let origin = Box::pin(registered(platform, request.headers())).await;
    let headers = request.headers();
    let is_asking =
        *request.method() == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_asking { preflight(&origin, headers) } else { answer(request).await };
    let headers = response.headers_mut();
    headers.append(VARY, if is_asking { BY_QUESTION } else { BY_ORIGIN });
    if let Ok(Some(origin)) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if !is_asking {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, READ);
        }
    }
    response
}

/// The answer to a preflight. Nothing is said of credentials, so that none are sent: no cookie counts here.
fn preflight(origin: &Result<Option<HeaderValue>, Unavailable>, asked: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = match origin {
        Ok(Some(_)) => StatusCode::NO_CONTENT,
        Ok(None) => StatusCode::FORBIDDEN,
        Err(Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let headers = response.headers_mut();
    if origin.is_err() {
        headers.insert(RETRY_AFTER, HeaderValue::from(1));
    }
    if let Ok(Some(_)) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        let asked = asked.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter().map(HeaderValue::as_bytes);
        let sent = cors::known_headers(asked, &SENT);
        if !sent.is_empty() {
            headers.extend(HeaderValue::from_str(&sent).map(|sent| (ACCESS_CONTROL_ALLOW_HEADERS, sent)));
        }
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(cors::MAX_AGE));
    }
    response
}

/// The one origin of a request, if an app has registered it.
async fn registered(
    platform: &Arc<Platform>,
    headers: &HeaderMap,
) -> Result<Option<HeaderValue>, Unavailable> {
    let mut values = headers.get_all(ORIGIN).iter();
    // A browser sends one (the Fetch standard, "`Origin` header").
    let (Some(value), None) = (values.next(), values.next()) else { return Ok(None) };
    let Some(origin) = cors::origin(value.as_bytes()) else { return Ok(None) };
    if platform.settings.portal_elsewhere() == Some(origin) {
        return Ok(Some(value.clone()));
    }
    if let Some(is_registered) = platform.origins.recent.get(origin) {
        return Ok(is_registered.then(|| value.clone()));
    }
    let (origin, asked): (Box<str>, _) = (origin.into(), Arc::clone(platform));
    let looking = async move { asked.origins.look_up(origin).await };
    let is_registered = platform.home.spawn(looking).await.map_err(|_| Unavailable)??;
    Ok(is_registered.then(|| value.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://app.example";

    async fn origins() -> (Origins, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Store::sqlite_url(&folder.path().join("einlass.db"))).await.unwrap();
        (Origins::new(store), folder)
    }

    #[tokio::test]
    async fn what_is_known_is_remembered_until_it_is_forgotten() {
        let (origins, _folder) = origins().await;
        assert!(!origins.look_up(PAGE.into()).await.unwrap());
        assert_eq!(origins.recent.get(PAGE), Some(false));
        origins.forget();
        assert_eq!(origins.recent.get(PAGE), None);
    }

    #[tokio::test]
    async fn who_invents_origins_waits_for_others_who_do_and_not_for_long() {
        let (origins, _folder) = origins().await;
        let places = u32::try_from(origins.strangers.available_permits()).unwrap();
        let taken = origins.strangers.acquire_many(places).await.unwrap();
        tokio::time::pause();
        assert!(origins.look_up(PAGE.into()).await.is_err());
        tokio::time::resume();
        drop(taken);
        assert!(!origins.look_up(PAGE.into()).await.unwrap());
    }
}
