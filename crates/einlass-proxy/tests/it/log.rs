//! What is written about a call, and what never is.

use crate::kit::{
    APP, CLIENT, Empty as _, Gate, KEY, REGISTRATION, Setup, TENANT, Upstream, call, eventually, h1, text,
};
use serde_json::Value;
use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use tokio::sync::mpsc;

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that this process logs.
fn log() -> Written {
    static LOG: LazyLock<Written> = LazyLock::new(|| {
        let written = Written::default();
        let writer = written.clone();
        let log = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
        log.with_writer(move || writer.clone()).init();
        written
    });
    LOG.clone()
}

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The line of a call, once it is there. Other tests of the process may write others.
    async fn line(&self, template: &str) -> Value {
        self.line_with("template", template).await
    }

    /// The first line in which a field has this value.
    async fn line_with(&self, field: &str, value: &str) -> Value {
        let find = || {
            let text = self.text();
            let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            lines.find(|line| line["fields"][field] == value)
        };
        eventually("the line is written", || find().is_some()).await;
        find().unwrap()
    }
}

#[tokio::test]
async fn a_call_is_one_line_without_its_secrets() {
    let written = log();
    let (gate, _upstream) = Gate::and_upstream().await;

    let answer =
        call(gate.good("GET", "/erp/v2/logged?q=topsecret").header("x-api-key", "topsecret").empty()).await;
    let line = written.line("/v2/logged").await;
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["target"], "einlass::gateway");
    let fields = &line["fields"];
    assert_eq!(fields["request_id"], answer.header("x-request-id").unwrap());
    assert_eq!((&fields["method"], &fields["operation"]), (&"GET".into(), &"Logged".into()));
    assert_eq!(
        (&fields["client"], &fields["app"], &fields["tenant"]),
        (&CLIENT.into(), &APP.into(), &TENANT.into())
    );
    assert_eq!(fields["status"], 200);
    assert!(fields["duration_s"].is_f64());

    call(gate.good("GET", "/erp/v2/logged/topsecret").empty()).await;
    let line = written.line("/v2/logged/{secret}").await;
    assert_eq!((&line["level"], &line["fields"]["reason"]), (&"WARN".into(), &"ScopeMissing".into()));

    let text = written.text();
    let ours: Vec<_> = text.lines().filter(|line| line.contains("einlass")).collect();
    assert!(ours.iter().all(|line| !line.contains("topsecret") && !line.contains("eyJ")), "{ours:?}");
}

#[tokio::test]
async fn a_call_with_a_key_names_registration_and_app_and_never_the_key() {
    let written = log();
    let upstream = Upstream::answering(|| text("served")).await;
    let gate = Gate::start(Setup { databases: &["mandant1"], ..Setup::before(upstream.address) });
    call(gate.with_key("GET", "/api/mandant1/v2/logged/by-key").empty()).await;
    call(gate.with_key("GET", "/api/mandant2/v2/logged").empty()).await;
    let as_token = format!("Bearer {KEY}");
    let wrong = gate.request("GET", "/api/mandant1/v2/wrong").header("authorization", as_token);
    call(wrong.empty()).await;
    let line = written.line_with("registration", REGISTRATION).await;
    let fields = &line["fields"];
    assert_eq!((&fields["app"], &fields["gateway"]), (&"parcels/v1".into(), &"/api/mandant1".into()));
    assert_eq!((&fields["reason"], &fields["client"]), (&"ScopeMissing".into(), &Value::Null));
    written.line_with("path", "/api/mandant1/v2/wrong").await;
    let text = written.text();
    let ours = || text.lines().filter(|line| line.contains("einlass"));
    assert!(ours().count() >= 2 && ours().all(|line| !line.contains(KEY)));
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_a_line() {
    let written = log();
    let (begun, mut started) = mpsc::channel(1);
    let address = Upstream::serve(move |_| {
        let begun = begun.clone();
        async move {
            begun.send(()).await.unwrap();
            std::future::pending().await
        }
    })
    .await;
    let gate = Gate::start(Setup::before(address));
    let call = tokio::spawn(h1().request(gate.good("GET", "/erp/v2/abandoned").empty()));
    started.recv().await.unwrap();
    call.abort();
    let line = written.line("/v2/abandoned").await;
    assert_eq!((&line["level"], &line["fields"]["reason"]), (&"WARN".into(), &"CallerGone".into()));
    assert_eq!((&line["fields"]["client"], &line["fields"]["status"]), (&CLIENT.into(), &Value::Null));
}

#[tokio::test]
async fn a_refused_call_says_who_wanted_what() {
    let written = log();
    let (gate, _upstream) = Gate::and_upstream().await;
    call(gate.good("GET", "/erp/v2/nowhere?q=topsecret").empty()).await;
    let line = written.line_with("path", "/erp/v2/nowhere").await;
    assert_eq!(line["fields"]["reason"], "OperationUnknown");
    assert_eq!(line["fields"]["address"], "127.0.0.1");

    call(gate.good(&"M".repeat(5_000), "/erp/v2/nobody").empty()).await;
    let line = written.line_with("path", "/erp/v2/nobody").await;
    assert_eq!(line["fields"]["method"], "(made up)");

    call(gate.good("GET", "/erp/v2/ein_cs_canary").empty()).await;
    written.line_with("path", "…").await;
    assert!(!written.text().contains("ein_cs_canary\",\"reason"));
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_a_second_line_and_a_whole_one_does_not() {
    let written = log();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        for answer in ["content-length: 5\r\n\r\nwhole", "content-length: 50\r\n\r\nbroken"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
            stream.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
        }
    });
    let gate = Gate::start(Setup::before(address));
    let whole = call(gate.good("GET", "/erp/v2/logged").empty()).await;
    let response = h1().request(gate.good("GET", "/erp/v2/logged").empty()).await.unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert!(http_body_util::BodyExt::collect(response.into_body()).await.is_err());

    let line = written.line_with("message", "the answer broke off").await;
    let fields = &line["fields"];
    assert_eq!((&fields["request_id"], &fields["reason"]), (&id.into(), &"UpstreamBroken".into()));
    assert_eq!(fields["bytes"], 6);
    let lines = written.text();
    assert_eq!(lines.matches(whole.header("x-request-id").unwrap()).count(), 1);
}
