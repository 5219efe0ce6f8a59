//! ERPs: one that reads from a script, and one with a memory.

use crate::support::{Seen, respond, serve};
use axum::body::Body;
use axum::http::Response;
use einlass_client::onprem::Site;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

pub(super) const ID: &str = "5b0c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
pub(super) const KEY: &str = "c3b9f1d4-6a55-4c7e-9d1b-canary77e2af";
pub(super) const REQUESTED: &str =
    r#"{"AppId":"myApp/v1","RegistrationRequestId":"5b0c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10","Status":0}"#;
pub(super) const PENDING: &str = r#"{"RequestStatusInfo":{"AppId":"myApp/v1","Status":0}}"#;
pub(super) const REJECTED: &str = r#"{"RequestStatusInfo":{"AppId":"myApp/v1","Status":1}}"#;
pub(super) const ACCEPTED: &str = r#"{"RequestStatusInfo":{"AppId":"myApp/v1","Status":2},
    "Token":{"ApiKey":"c3b9f1d4-6a55-4c7e-9d1b-canary77e2af"},"GrantedScopes":["items.read"]}"#;

pub(super) type Record = Arc<Mutex<Vec<Seen>>>;

/// Answers with these in turn, and with 418 when there are no more.
pub(super) async fn scripted(answers: &'static [(u16, &'static str)]) -> (Site, Record) {
    let record = Record::default();
    let base = serve({
        let record = Arc::clone(&record);
        move |seen| {
            let mut record = record.lock().unwrap();
            record.push(seen);
            let (status, body) = answers.get(record.len() - 1).copied().unwrap_or((418, ""));
            respond(status, body)
        }
    });
    (site(&base.await), record)
}

pub(super) fn site(base: &str) -> Site {
    format!("{base}/api/eazybusiness").parse().unwrap()
}

/// An ERP that takes one request, needs to be asked twice about it, and hands the key out once.
#[derive(Clone, Default)]
pub(super) struct Erp(Arc<Mutex<Memory>>);

#[derive(Default)]
pub(super) struct Memory {
    pub(super) requests: usize,
    pub(super) challenges: BTreeSet<String>,
    pub(super) taken: usize,
    pub(super) handed_out: usize,
    posts: usize,
    polls: usize,
}

impl Erp {
    pub(super) async fn start(&self) -> Site {
        let erp = self.clone();
        site(&serve(move |seen| erp.answer(&seen)).await)
    }

    pub(super) fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.0.lock().unwrap()
    }

    fn answer(&self, seen: &Seen) -> Response<Body> {
        let mut memory = self.memory();
        memory.requests += 1;
        memory.challenges.insert(seen.headers["x-challengecode"].to_str().unwrap().into());
        let (status, body) =
            if seen.path.ends_with("/authentication") { memory.post() } else { memory.poll() };
        respond(status, body)
    }
}

impl Memory {
    fn post(&mut self) -> (u16, &'static str) {
        self.posts += 1;
        match (self.posts, self.taken) {
            (1, _) => (403, ""),
            (_, 0) => {
                self.taken += 1;
                (201, REQUESTED)
            }
            _ => (409, ""),
        }
    }

    fn poll(&mut self) -> (u16, &'static str) {
        self.polls += 1;
        match (self.polls, self.handed_out) {
            (1, _) => (200, PENDING),
            (_, 0) => {
                self.handed_out += 1;
                (200, ACCEPTED)
            }
            _ => (410, ""),
        }
    }
}
