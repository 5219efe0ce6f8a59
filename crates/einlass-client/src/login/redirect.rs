//! Where the browser comes back to: a port of the loopback interface, for one answer (RFC 8252 §7.3).

use super::LoginError;
use super::page::Page;
use crate::source::answer::plain;
use einlass_protocol::oauth::Form;
use einlass_protocol::secret::Secret;
use http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// As the client has it registered, without the port.
const PATH: &str = "/callback";
const PATIENCE: Duration = Duration::from_secs(10);
/// A code and a state are a few hundred bytes; a browser may have cookies for this host from elsewhere.
const LONGEST_HEAD: usize = 64 * 1024;

/// A code, or why there is none.
type Answer = Result<Secret, LoginError>;

/// An open port.
pub(super) struct Redirect {
    listener: TcpListener,
    uri: String,
}

/// What an answer must say to be ours.
pub(super) struct Expected {
    pub(super) state: String,
    pub(super) issuer: String,
    /// The issuer says that its answers name it.
    pub(super) names_issuer: bool,
}

impl Redirect {
    pub(super) async fn listen() -> io::Result<Self> {
        // RFC 8252 §8.3: the address and not the name, which may lead elsewhere.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let uri = format!("http://{}{PATH}", listener.local_addr()?);
        Ok(Self { listener, uri })
    }

    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// Serves until the answer is there and the browser has its page. A browser opens connections for the case that it
    /// needs them, so nobody waits for one.
    pub(super) async fn wait(self, expected: Expected) -> Answer {
        let (expected, mut connections) = (Arc::new(expected), JoinSet::new());
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let (stream, _) = accepted.map_err(LoginError::Listen)?;
                    connections.spawn(serve(stream, Arc::clone(&expected)));
                }
                Some(ended) = connections.join_next() => {
                    if let Ok(Some(answer)) = ended {
                        return answer;
                    }
                }
            }
        }
    }
}

/// One request; gives the answer if it brought it.
async fn serve(stream: TcpStream, expected: Arc<Expected>) -> Option<Answer> {
    let brought: Arc<Mutex<Option<Answer>>> = Arc::default();
    let slot = Arc::clone(&brought);
    let service = service_fn(move |request: Request<Incoming>| {
        let (page, answer) = expected.judge(&request);
        if answer.is_some() {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        }
        std::future::ready(Ok::<Response<String>, Infallible>(page.response()))
    });
    let mut server = http1::Builder::new();
    server.keep_alive(false).max_buf_size(LONGEST_HEAD);
    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    // A browser that goes away has brought what it has brought.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
    brought.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Expected {
    fn judge<B>(&self, request: &Request<B>) -> (Page, Option<Answer>) {
        if request.uri().path() != PATH {
            return (Page::Nothing, None);
        }
        if request.method() != Method::GET {
            return (Page::OnlyGet, None);
        }
        match self.read(request.uri().query().unwrap_or_default()) {
            None => (Page::NotOurs, None),
            Some(Ok(code)) => (Page::SignedIn, Some(Ok(code))),
            Some(Err(refused)) => (Page::Refused, Some(Err(refused))),
        }
    }

    /// `None` for what answers no request of ours: anybody can send that, so it ends nothing.
    fn read(&self, query: &str) -> Option<Answer> {
        let form = Form::parse(query.as_bytes()).ok()?;
        // RFC 6749 §10.12
        if form.get("state") != Some(&self.state) {
            return None;
        }
        let is_named = form.get("iss").map(|issuer| issuer == self.issuer);
        // RFC 9207 §2.4: another issuer's code is not ours to redeem.
        if !is_named.unwrap_or(!self.names_issuer) {
            return Some(Err(LoginError::OtherIssuer));
        }
        if let Some(error) = form.get("error") {
            let description = form.get("error_description").map(plain);
            return Some(Err(LoginError::Refused { error: plain(error), description }));
        }
        let code = form.get("code").map(|code| Secret::new(code.to_owned()));
        Some(code.ok_or(LoginError::NoCode))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, names_issuer: bool) -> String {
        let expected = Expected { state: "s".into(), issuer: "https://a".into(), names_issuer };
        match expected.read(query) {
            None => "not ours".into(),
            Some(Ok(code)) => code.expose().into(),
            Some(Err(error)) => error.to_string(),
        }
    }

    #[test]
    fn an_answer_is_ours_by_its_state_alone() {
        for query in ["", "code=c", "code=c&state=t", "code=c&state=s&state=s", "state=", "code=c&state=%ff"]
        {
            assert_eq!(read(query, false), "not ours", "{query}");
        }
        assert_eq!(read("code=c&state=s", false), "c");
    }

    #[test]
    fn who_says_that_it_names_itself_does() {
        assert_eq!(read("code=c&state=s&iss=https%3A%2F%2Fa", true), "c");
        for (query, names_issuer) in [
            ("code=c&state=s", true),
            ("code=c&state=s&iss=", true),
            ("code=c&state=s&iss=https://b", true),
            ("code=c&state=s&iss=https://b", false),
            ("error=access_denied&state=s&iss=https://b", false),
        ] {
            assert!(read(query, names_issuer).contains("another issuer"), "{query}");
        }
    }

    #[test]
    fn a_refusal_is_told_without_what_a_terminal_would_obey() {
        let said = read("error=access_denied&error_description=no%1b[2J%0Away&state=s", false);
        assert!(said.contains("access_denied (no[2Jway)"), "{said}");
        assert!(read("state=s", false).contains("neither a code nor an error"));
    }
}
