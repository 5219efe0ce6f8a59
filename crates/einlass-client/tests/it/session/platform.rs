//! A platform that publishes keys to whoever comes with the right access token.

use super::signer::Signer;
use crate::scenarios::clock::TestClock;
use crate::support::{Scripted, Seen, respond, serve};
use axum::body::Body;
use axum::http::Response;
use einlass_client::TokenCache;
use einlass_client::keyset::KeySetSettings;
use einlass_client::protocol::jose::Jwk;
use einlass_client::session::SessionVerifier;
use serde_json::json;
use std::sync::{Arc, Mutex};

pub(super) struct Platform {
    pub(super) clock: Arc<TestClock>,
    state: Arc<Mutex<State>>,
    base: String,
}

struct State {
    /// `None` while it is down.
    keys: Option<Vec<Jwk>>,
    accepts: &'static str,
    asked: Vec<String>,
}

impl Platform {
    /// One with these keys, that accepts the first access token.
    pub(super) async fn with(keys: &[&Signer]) -> Self {
        let state = State { keys: Some(published(keys)), accepts: "Bearer token-1", asked: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let answering = Arc::clone(&state);
        let base = serve(move |seen| answering.lock().unwrap().answer(&seen)).await;
        Self { clock: Arc::new(TestClock::new()), state, base }
    }

    /// A verifier of an app that gets an access token whenever it asks for one.
    pub(super) fn verifier(&self) -> SessionVerifier {
        self.verifier_with(Scripted::working())
    }

    pub(super) fn verifier_with(&self, tokens: Scripted) -> SessionVerifier {
        let (base, tokens) = (self.base.parse().unwrap(), TokenCache::new(tokens));
        let clock = Arc::clone(&self.clock);
        SessionVerifier::with(&base, tokens, clock, KeySetSettings::default()).unwrap()
    }

    pub(super) fn publishes(&self, keys: &[&Signer]) {
        self.state.lock().unwrap().keys = Some(published(keys));
    }

    pub(super) fn goes_down(&self) {
        self.state.lock().unwrap().keys = None;
    }

    pub(super) fn accepts(&self, authorization: &'static str) {
        self.state.lock().unwrap().accepts = authorization;
    }

    /// With what it was asked for its keys, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }
}

impl State {
    fn answer(&mut self, seen: &Seen) -> Response<Body> {
        let authorization = seen.headers["authorization"].to_str().unwrap();
        self.asked.push(authorization.to_owned());
        match &self.keys {
            None => respond(503, ""),
            _ if authorization != self.accepts => respond(401, ""),
            _ if seen.path != "/account/.well-known/jwks.json" => respond(404, ""),
            Some(keys) => respond(200, json!({ "keys": keys }).to_string()),
        }
    }
}

fn published(keys: &[&Signer]) -> Vec<Jwk> {
    keys.iter().map(|key| key.jwk()).collect()
}
