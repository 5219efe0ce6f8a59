//! An issuer below `/id`, which says where its keys are.

use super::{APP, START, TENANT, USER};
use crate::rsa::{jwk, signed};
use crate::scenarios::clock::TestClock;
use crate::support::{Seen, respond, serve};
use axum::body::Body;
use axum::http::Response;
use einlass_client::app_token::AppTokenVerifier;
use einlass_client::keyset::KeySetSettings;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

pub(super) struct Issuer {
    pub(super) clock: Arc<TestClock>,
    pub(super) url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    /// What the document says in place of the truth.
    issuer: Option<String>,
    jwks_uri: Option<String>,
    kid: &'static str,
    is_down: bool,
    asked: Vec<String>,
}

impl Issuer {
    pub(super) async fn start() -> Self {
        let state = State { issuer: None, jwks_uri: None, kid: "rsa", is_down: false, asked: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let answering = Arc::clone(&state);
        let base = serve(move |seen| answering.lock().unwrap().answer(&seen)).await;
        Self { clock: Arc::new(TestClock::new()), url: format!("{base}/id"), state }
    }

    pub(super) fn verifier(&self) -> AppTokenVerifier {
        let (issuer, app) = (self.url.parse().unwrap(), APP.parse().unwrap());
        let clock = Arc::clone(&self.clock);
        AppTokenVerifier::with(issuer, app, clock, KeySetSettings::default())
    }

    pub(super) fn says_it_is(&self, issuer: &str) {
        self.state.lock().unwrap().issuer = Some(issuer.into());
    }

    pub(super) fn says_its_keys_are_at(&self, url: String) {
        self.state.lock().unwrap().jwks_uri = Some(url);
    }

    pub(super) fn names_its_key(&self, kid: &'static str) {
        self.state.lock().unwrap().kid = kid;
    }

    pub(super) fn goes_down(&self) {
        self.state.lock().unwrap().is_down = true;
    }

    /// Which paths were asked for, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    /// The claims of a good token that ends so many seconds after the test's beginning.
    pub(super) fn claims(&self, seconds: i64) -> Value {
        json!({
            "iss": self.url, "sub": USER, "aud": [APP], "urn:jtl:tenant_id": TENANT, "urn:jtl:app_id": APP,
            "iat": START.min(START + seconds - 300), "exp": START + seconds,
        })
    }

    /// A good app token.
    pub(super) fn token(&self) -> String {
        signed(&self.claims(300))
    }

    /// The same with one claim another.
    pub(super) fn token_with(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims(300);
        claims[name] = value;
        signed(&claims)
    }
}

impl State {
    fn answer(&mut self, seen: &Seen) -> Response<Body> {
        self.asked.push(seen.path.clone());
        let host = seen.headers["host"].to_str().unwrap();
        match &*seen.path {
            _ if self.is_down => respond(503, ""),
            "/id/.well-known/openid-configuration" => {
                let issuer = self.issuer.clone().unwrap_or_else(|| format!("http://{host}/id"));
                let keys = self.jwks_uri.clone().unwrap_or_else(|| format!("http://{host}/id/some/keys"));
                respond(200, json!({"issuer": issuer, "jwks_uri": keys}).to_string())
            }
            "/id/some/keys" => {
                let mut response = respond(200, json!({ "keys": [jwk(self.kid)] }).to_string());
                response.headers_mut().insert("etag", format!("\"{}\"", self.kid).parse().unwrap());
                response
            }
            _ => respond(404, ""),
        }
    }
}
