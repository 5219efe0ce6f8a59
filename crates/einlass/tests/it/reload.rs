//! Documents that change while a platform runs.

use crate::kit::{Dev, folder, get};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

/// An API that answers everything with 200, and its address.
fn upstream() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Whoever went away needs no answer.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    url
}

fn document(path: &str) -> String {
    format!("openapi: 3.0.0\npaths: {{ {path}: {{ get: {{ security: [{{ Wawi: [] }}] }} }} }}")
}

/// Looks for a minute.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let seen = (0..3_000).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        holds()
    });
    assert!(seen, "never: {what}");
}

fn log(data: &Path) -> String {
    fs::read_to_string(data.join("test.log")).unwrap()
}

#[test]
fn documents_that_change_are_in_force_without_a_restart_and_faulty_ones_are_not() {
    let data = folder();
    let file = data.path().join("api.yaml");
    fs::write(&file, document("/v2/old")).unwrap();
    let dev = Dev::start_with(data.path(), &["--upstream", &upstream(), "--openapi", file.to_str().unwrap()]);
    let token = dev.token();
    assert_eq!((dev.call("/erp/v2/old", &token), dev.call("/erp/v2/new", &token)), (200, 404));

    fs::write(&file, document("/v2/new")).unwrap();
    eventually("the new document is in force", || dev.call("/erp/v2/new", &token) == 200);
    assert_eq!(dev.call("/erp/v2/old", &token), 404);
    let url = format!("{}/admin/api/policy/explain?method=GET&path=/erp/v2/new", dev.url());
    let administrator = format!("Bearer {}", dev.env["ADMIN_TOKEN"]);
    let (_, words) = get(&url, &[("Authorization", &administrator)]);
    assert!(words.starts_with("GET /v2/new"), "{words}");

    fs::write(&file, "openapi: 3.0.0\npaths: { broken: { get: {} } }").unwrap();
    eventually("the fault is in the log", || log(data.path()).contains("api.yaml#/paths"));
    assert_eq!(dev.call("/erp/v2/new", &token), 200, "the policy before stays");
    fs::remove_file(&file).unwrap();
    eventually("the loss is in the log", || log(data.path()).contains("No such file"));
    assert_eq!(dev.call("/erp/v2/new", &token), 200);
}
