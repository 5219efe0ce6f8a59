//! A platform at which a person signs in. Its refresh tokens count once; the answer to one is given again for half a minute,
//! and a replay after that ends everything.

use super::{CLIENT, PERSON, START};
use crate::rsa::{jwk, signed};
use crate::scenarios::clock::TestClock;
use crate::support::respond;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::{Response, Uri};
use einlass_client::clock::{Clock, SystemTimer, Timer};
use einlass_client::login::{Begun, Login, LoginError, SignInFile, SignInTokens, SignedIn};
use einlass_client::protocol::oauth::{CodeVerifier, Form};
use einlass_client::protocol::time::UnixTime;
use einlass_client::random::OsRandom;
use hyper::body::Frame;
use serde_json::{Value, json};
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What is secret here begins with this.
pub(super) const CANARY: &str = "Zq9xW7";
/// How long the answer to a refresh token is given again.
pub(super) const AGAIN: Duration = Duration::from_secs(30);

pub(super) struct Platform {
    pub(super) base: String,
    pub(super) clock: Arc<TestClock>,
    /// Answers wait until this is true.
    pub(super) open: watch::Sender<bool>,
    book: Arc<Mutex<Book>>,
}

/// What it knows, and how it behaves.
pub(super) struct Book {
    /// Members of the document in place of the usual ones.
    pub(super) document: Value,
    /// Claims of the ID token in place of the usual ones.
    pub(super) claims: Value,
    /// Without an ID token.
    pub(super) nameless: bool,
    /// How many answers of the token endpoint get lost from here on.
    pub(super) lost: u32,
    /// The status of every answer of the token and revocation endpoints.
    pub(super) down: Option<u16>,
    /// What was asked of the token endpoint.
    pub(super) asked: Vec<String>,
    pub(super) replays: u32,
    pub(super) revoked: Vec<String>,
    code: Option<(String, String)>,
    /// The number of the refresh token that counts.
    pub(super) current: u32,
    traded_at: UnixTime,
    ended: bool,
    base: String,
}

#[derive(Clone)]
struct Shared {
    clock: Arc<TestClock>,
    book: Arc<Mutex<Book>>,
    open: watch::Receiver<bool>,
}

impl Platform {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book::new(&base)));
        let (clock, open) = (Arc::new(TestClock::new()), watch::Sender::new(true));
        let shared = Shared { clock: Arc::clone(&clock), book: Arc::clone(&book), open: open.subscribe() };
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, clock, open, book }
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    pub(super) fn login(&self, scope: &str) -> Login {
        self.login_with(scope, Arc::new(SystemTimer))
    }

    pub(super) fn login_with(&self, scope: &str, timer: Arc<dyn Timer>) -> Login {
        let (issuer, client) = (self.base.parse().unwrap(), CLIENT.parse().unwrap());
        let clock = Arc::clone(&self.clock);
        Login::with(issuer, client, scope.parse().unwrap(), clock, timer, Arc::new(OsRandom))
    }

    /// A sign-in up to the point where the person has allowed it. Gives what the browser goes back to.
    pub(super) async fn allowed(&self) -> (Begun, String) {
        let begun = self.login("openid offline_access items.read").begin().await.unwrap();
        let back = self.allow(begun.url());
        (begun, back)
    }

    /// A person allows what this URL asks for.
    pub(super) fn allow(&self, url: &str) -> String {
        let asked = asked(url);
        let (redirect_uri, state) = (asked.get("redirect_uri").unwrap(), asked.get("state").unwrap());
        let code = format!("{CANARY}-code");
        self.book().code = Some((code.clone(), url.to_owned()));
        format!("{redirect_uri}?code={code}&state={state}&iss={}", self.base)
    }

    pub(super) async fn signed_in(&self) -> Result<SignedIn, LoginError> {
        let (begun, back) = self.allowed().await;
        let (signed_in, page) = tokio::join!(begun.finish(Duration::from_mins(1)), browse(&back));
        assert_eq!(page.0, 200);
        signed_in
    }

    /// A file in which somebody has signed in.
    pub(super) async fn kept(&self, path: &Path) -> SignInFile {
        let file = SignInFile::at(path);
        file.keep(&self.signed_in().await.unwrap()).await.unwrap();
        file
    }

    /// As another process sees the file.
    pub(super) fn tokens(&self, path: &Path) -> SignInTokens {
        SignInTokens::with(SignInFile::at(path), Arc::clone(&self.clock) as Arc<dyn Clock>)
    }
}

/// What a browser is shown at a URL.
pub(super) async fn browse(url: &str) -> (u16, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// What a URL asks for.
pub(super) fn asked(url: &str) -> Form {
    Form::parse(url.split_once('?').unwrap().1.as_bytes()).unwrap()
}

impl Book {
    fn new(base: &str) -> Self {
        Self {
            document: json!({}),
            claims: json!({}),
            nameless: false,
            lost: 0,
            down: None,
            asked: Vec::new(),
            replays: 0,
            revoked: Vec::new(),
            code: None,
            current: 0,
            traded_at: UnixTime::from_seconds(START),
            ended: false,
            base: base.into(),
        }
    }

    fn document(&self) -> Value {
        let base = &self.base;
        let document = json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/auth"),
            "token_endpoint": format!("{base}/token"),
            "revocation_endpoint": format!("{base}/revoke"),
            "jwks_uri": format!("{base}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        merged(document, &self.document)
    }

    fn token(&mut self, form: &Form, now: UnixTime) -> Response<Body> {
        assert_eq!(form.get("client_id"), Some(CLIENT));
        let grant = form.get("grant_type").unwrap();
        self.asked.push(grant.into());
        let answer = match grant {
            "authorization_code" => self.redeem(form),
            "refresh_token" => self.refresh(form.get("refresh_token").unwrap(), now),
            other => panic!("{other}"),
        };
        if self.lost > 0 {
            self.lost -= 1;
            return Response::new(Body::new(Broken));
        }
        answer.map_or_else(|| refused(form), |body| respond(200, body.to_string()))
    }

    fn redeem(&mut self, form: &Form) -> Option<Value> {
        let (code, url) = self.code.take()?;
        let asked = asked(&url);
        let verifier = CodeVerifier::parse(form.get("code_verifier")?.into()).ok()?;
        assert_eq!(verifier.challenge().as_str(), asked.get("code_challenge")?);
        assert_eq!(form.get("redirect_uri"), asked.get("redirect_uri"));
        assert_eq!(form.get("code"), Some(&*code));
        let claims = json!({
            "iss": self.base, "sub": PERSON, "aud": CLIENT, "iat": START, "exp": START + 300,
            "nonce": asked.get("nonce"),
        });
        let mut answer = self.issue();
        if !asked.get("scope")?.contains("offline_access") {
            answer.as_object_mut()?.remove("refresh_token");
        }
        if !self.nameless {
            answer["id_token"] = signed(&merged(claims, &self.claims)).into();
        }
        Some(answer)
    }

    fn refresh(&mut self, token: &str, now: UnixTime) -> Option<Value> {
        let number: u32 = token.rsplit_once('-')?.1.parse().ok()?;
        if self.ended {
            return None;
        }
        if number == self.current {
            self.current += 1;
            self.traded_at = now;
            return Some(self.issue());
        }
        if number + 1 == self.current && now.since(self.traded_at) <= AGAIN {
            return Some(self.issue());
        }
        self.replays += 1;
        self.ended = true;
        None
    }

    fn issue(&self) -> Value {
        let number = self.current;
        json!({
            "access_token": format!("{CANARY}-access-{number}"), "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": format!("{CANARY}-refresh-{number}"),
        })
    }

    fn revoke(&mut self, form: &Form) -> Response<Body> {
        assert_eq!(form.get("client_id"), Some(CLIENT));
        self.revoked.push(format!("{} {}", form.get("token_type_hint").unwrap(), form.get("token").unwrap()));
        self.ended = true;
        respond(200, "")
    }
}

async fn answer(State(shared): State<Shared>, uri: Uri, body: Bytes) -> Response<Body> {
    let mut open = shared.open.clone();
    open.wait_for(|open| *open).await.unwrap();
    let (mut book, form) = (shared.book.lock().unwrap(), Form::parse(&body).unwrap());
    match uri.path() {
        "/.well-known/openid-configuration" => respond(200, book.document().to_string()),
        "/keys" => respond(200, json!({ "keys": [jwk("rsa")] }).to_string()),
        "/token" | "/revoke" if book.down.is_some() => respond(book.down.unwrap(), ""),
        "/token" => book.token(&form, shared.clock.wall()),
        "/revoke" => book.revoke(&form),
        _ => respond(404, ""),
    }
}

/// It repeats what it was sent, as no platform should.
fn refused(form: &Form) -> Response<Body> {
    let sent = form.get("refresh_token").or(form.get("code")).unwrap();
    let body = json!({"error": "invalid_grant", "error_description": format!("{sent} counts no more")});
    respond(400, body.to_string())
}

fn merged(mut value: Value, other: &Value) -> Value {
    value.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    value
}

/// A body that never comes: the connection breaks.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}
