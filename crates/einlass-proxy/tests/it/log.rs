//! What is written about a call, and what never is.

use crate::kit::{APP, CLIENT, Empty as _, Gate, TENANT, call, eventually};
use serde_json::Value;
use std::io;
use std::sync::{Arc, Mutex};

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

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The line of a call, once it is there. Other tests of the process may write others.
    async fn line(&self, template: &str) -> Value {
        let find = || {
            let text = self.text();
            let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            lines.find(|line| line["fields"]["template"] == template)
        };
        eventually("the line is written", || find().is_some()).await;
        find().unwrap()
    }
}

#[tokio::test]
async fn a_call_is_one_line_without_its_secrets() {
    let written = Written::default();
    let writer = written.clone();
    let log = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
    log.with_writer(move || writer.clone()).init();
    let (gate, _upstream) = Gate::and_upstream().await;

    let answer =
        call(gate.good("GET", "/erp/v2/info?q=topsecret").header("x-api-key", "topsecret").empty()).await;
    let line = written.line("/v2/info").await;
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["target"], "einlass::gateway");
    let fields = &line["fields"];
    assert_eq!(fields["request_id"], answer.header("x-request-id").unwrap());
    assert_eq!((&fields["method"], &fields["operation"]), (&"GET".into(), &"Info".into()));
    assert_eq!(
        (&fields["client"], &fields["app"], &fields["tenant"]),
        (&CLIENT.into(), &APP.into(), &TENANT.into())
    );
    assert_eq!(fields["status"], 200);
    assert!(fields["duration_s"].is_f64());

    call(gate.good("DELETE", "/erp/v2/items/topsecret").empty()).await;
    let line = written.line("/v2/items/{itemId}").await;
    assert_eq!((&line["level"], &line["fields"]["reason"]), (&"WARN".into(), &"ScopeMissing".into()));

    let text = written.text();
    let ours: Vec<_> = text.lines().filter(|line| line.contains("einlass")).collect();
    assert!(ours.iter().all(|line| !line.contains("topsecret") && !line.contains("eyJ")), "{ours:?}");
}
