//! A platform that plays scripted answers and counts what arrives.

use super::clock::TestClock;
use super::format::{Answer, Totals};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Response, Uri};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) struct Platform {
    pub(crate) base: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    clock: Arc<TestClock>,
    book: Mutex<Book>,
    released: watch::Sender<bool>,
}

#[derive(Default)]
struct Book {
    token_answers: VecDeque<Answer>,
    api_answers: VecDeque<Answer>,
    token_requests: u32,
    issued: u32,
    api_calls: Vec<Bytes>,
    strays: Vec<String>,
}

impl Platform {
    pub(crate) async fn start(clock: Arc<TestClock>) -> Self {
        let shared = Arc::new(Shared { clock, book: Mutex::default(), released: watch::Sender::new(false) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, shared, server }
    }

    pub(crate) fn script_tokens(&self, answers: &[Answer]) {
        self.book().token_answers = answers.iter().cloned().collect();
    }

    pub(crate) fn script_api(&self, answers: &[Answer]) {
        self.book().api_answers = answers.iter().cloned().collect();
    }

    pub(crate) fn release(&self) {
        self.shared.released.send_replace(true);
    }

    pub(crate) fn totals(&self) -> Totals {
        let book = self.book();
        let api_calls = u32::try_from(book.api_calls.len()).unwrap();
        Totals { token_requests: book.token_requests, api_calls: Some(api_calls) }
    }

    /// The bodies that the API was sent.
    pub(crate) fn bodies(&self) -> Vec<Bytes> {
        self.book().api_calls.clone()
    }

    /// Requests to where nothing should go: the targets of redirects.
    pub(crate) fn strays(&self) -> Vec<String> {
        self.book().strays.clone()
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.shared.book.lock().unwrap()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    match uri.path() {
        "/oauth2/token" => shared.answer_token(&headers).await,
        path if path.starts_with("/erp/") => shared.answer_api(&headers, body),
        path => {
            shared.book.lock().unwrap().strays.push(path.into());
            Response::new(Body::empty())
        }
    }
}

impl Shared {
    async fn answer_token(&self, headers: &HeaderMap) -> Response<Body> {
        assert!(headers[AUTHORIZATION].to_str().unwrap().starts_with("Basic "));
        let answer = {
            let mut book = self.book.lock().unwrap();
            book.token_requests += 1;
            next(&mut book.token_answers)
        };
        if answer.held {
            self.released.subscribe().wait_for(|released| *released).await.unwrap();
        }
        self.clock.pass(Duration::from_secs(answer.takes));
        let body = answer.body.clone().unwrap_or_else(|| self.issue(&answer));
        respond(&answer, answer.status, 0, body)
    }

    fn issue(&self, answer: &Answer) -> String {
        if answer.status != 200 {
            return String::new();
        }
        let mut book = self.book.lock().unwrap();
        book.issued += 1;
        let mut body = json!({"access_token": format!("token-{}", book.issued), "token_type": "Bearer"});
        if !answer.expires_in.is_null() {
            body["expires_in"] = answer.expires_in.clone();
        }
        body.to_string()
    }

    fn answer_api(&self, headers: &HeaderMap, body: Bytes) -> Response<Body> {
        let mut book = self.book.lock().unwrap();
        book.api_calls.push(body);
        let answer = next(&mut book.api_answers);
        let number = token_number(headers);
        let status = if number < answer.accepts_from { 401 } else { answer.status };
        respond(&answer, status, number, answer.body.clone().unwrap_or_default())
    }
}

fn next(answers: &mut VecDeque<Answer>) -> Answer {
    if answers.len() > 1 {
        return answers.pop_front().unwrap();
    }
    answers.front().cloned().unwrap_or_else(|| serde_json::from_str("{}").unwrap())
}

fn token_number(headers: &HeaderMap) -> u32 {
    let bearer = headers[AUTHORIZATION].to_str().unwrap().strip_prefix("Bearer token-").unwrap();
    bearer.parse().unwrap()
}

fn respond(answer: &Answer, status: u16, token: u32, body: String) -> Response<Body> {
    let mut response = Response::builder().status(status).header("x-token", token);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(body.into()).unwrap()
}
