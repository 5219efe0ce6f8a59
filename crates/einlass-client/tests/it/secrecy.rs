//! No secret in a log, an error or a `Debug`, whatever goes wrong.

use crate::support::{Seen, respond, serve};
use axum::body::Body;
use axum::http::Response;
use einlass_client::api::ApiClient;
use einlass_client::environment::Environment;
use einlass_client::source::ClientCredentials;
use einlass_client::{TokenCache, TokenError};
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use tracing_subscriber::fmt::MakeWriter;

const SECRET: &str = "Zq9xW7canaryVb3";
/// `app:Zq9xW7canaryVb3` in base64, as it is in the `Authorization` header.
const ENCODED: &str = "YXBwOlpxOXhXN2NhbmFyeVZiMw==";
const TOKEN: &str = "Hk4rT8fowlMn6";

/// Everything that was logged, by the tests beside these as well where they share a process.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// For the whole process: a subscriber of one thread misses what another thread's calls have switched off.
    pub(crate) fn everything() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Self::default();
            let everything = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
            everything.with_writer(log.clone()).init();
            log
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// An identity provider that repeats what it was sent, in every kind of failure.
fn treacherous(kind: usize, seen: &Seen) -> Option<Response<Body>> {
    let basic = seen.headers["authorization"].to_str().unwrap();
    let repeated = format!("{basic} {SECRET} {TOKEN}");
    let refusal = |code: &str| format!(r#"{{"error":"{code}","error_description":"{repeated}"}}"#);
    Some(match kind {
        0 => respond(401, refusal("invalid_client")),
        1 => respond(400, refusal(SECRET)),
        2 => respond(400, refusal("temporarily_unavailable")),
        3 => respond(500, repeated),
        4 => respond(200, repeated),
        5 => respond(200, format!(r#"{{"access_token":"{TOKEN}","token_type":"{SECRET}"}}"#)),
        6 => respond(200, format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":0}}"#)),
        7 => respond(200, format!(r#"{{"access_token":"{TOKEN}\n","token_type":"Bearer"}}"#)),
        8 => respond(200, format!(r#"{{"access_token":["{TOKEN}"],"token_type":"Bearer"}}"#)),
        9 => {
            let mut response = respond(302, repeated);
            response.headers_mut().insert("location", format!("/?{SECRET}").parse().unwrap());
            response
        }
        _ => return None,
    })
}

fn environment(base: &str) -> Environment {
    let environment = Environment::read(|name| match name {
        "EINLASS_URL" => Some(base.into()),
        "CLIENT_ID" => Some("app".into()),
        "CLIENT_SECRET" => Some(SECRET.into()),
        _ => None,
    });
    environment.unwrap()
}

/// What a client shows of itself and of the error that it gets.
async fn shown(base: &str) -> String {
    let environment = environment(base);
    let mut shown = format!("{environment:?}");
    let source = ClientCredentials::new(&environment.auth_base, environment.credentials).unwrap();
    write!(shown, "{source:?}").unwrap();
    let error = TokenCache::new(source).token().await.unwrap_err();
    match &error {
        TokenError::Unavailable { last_error, .. } | TokenError::Rejected { last_error, .. } => {
            write!(shown, "{last_error} {last_error:?}").unwrap();
        }
        other => panic!("{other}"),
    }
    write!(shown, "{error} {error:?}").unwrap();
    shown
}

fn assert_discreet(text: &str) {
    // Six characters of a secret are too many.
    for secret in [SECRET, ENCODED, TOKEN] {
        let leak = text.find(&secret[secret.len() - 6..]).or_else(|| text.find(&secret[..6]));
        assert!(leak.is_none(), "{secret} in {}", &text[leak.unwrap_or(0).saturating_sub(200)..]);
    }
}

#[tokio::test]
async fn no_failure_shows_a_secret() {
    let log = Log::everything();
    let kinds = (0..).take_while(|kind| treacherous(*kind, &nobody()).is_some());
    for kind in kinds {
        let base = serve(move |seen| treacherous(kind, &seen).unwrap()).await;
        assert_discreet(&shown(&base).await);
    }
    // Nobody listens at this port: it was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_discreet(&shown(&format!("http://{port}")).await);
    let log = log.text();
    assert!(log.contains("token refresh failed"), "nothing was logged");
    assert_discreet(&log);
}

#[tokio::test]
async fn no_success_shows_a_secret() {
    let log = Log::everything();
    let answer = format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#);
    let base = serve(move |seen| match seen.path.as_str() {
        "/oauth2/token" => respond(200, answer.clone()),
        _ => respond(401, ""),
    });
    let environment = environment(&base.await);
    let source = ClientCredentials::new(&environment.auth_base, environment.credentials).unwrap();
    let tokens = TokenCache::new(source);
    let token = tokens.token().await.unwrap();
    assert_eq!(token.expose(), TOKEN);
    let api = ApiClient::new(environment.api_base, tokens.clone()).unwrap();
    let response = api.get("/erp/v2/info").no_tenant().send().await.unwrap();
    assert_eq!(response.attempts(), 2);
    assert_discreet(&format!("{token:?} {tokens:?} {api:?} {response:?}"));
    let log = log.text();
    assert!(log.contains("token refreshed"), "nothing was logged");
    assert_discreet(&log);
}

fn nobody() -> Seen {
    let headers = [(http::header::AUTHORIZATION, "Basic".parse().unwrap())].into_iter().collect();
    Seen { path: String::new(), headers, body: bytes::Bytes::new() }
}
