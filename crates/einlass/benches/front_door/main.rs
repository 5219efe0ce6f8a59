//! Tokens and gateway calls a second, ours beside bare hyper loops, all in one run on one machine: the
//! subjects take turns, round after round, so that a change of the machine's speed meets all of them.
//!
//! `cargo xtask bench [SECONDS]` runs it; SECONDS is how long each subject is measured in each round.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a benchmark that cannot run says so by panicking"
)]

mod bare;
mod load;
mod platform;
mod report;

use load::Load;
use report::Row;
use std::time::Duration;

const ROUNDS: usize = 3;
const CONNECTIONS: usize = 32;
const WARM_UP: Duration = Duration::from_millis(500);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["--serve", what, upstream] => bare::serve(what, upstream),
        [] => measure(Duration::from_secs(2)),
        [seconds] => measure(Duration::from_secs(seconds.parse().unwrap())),
        _ => panic!("usage: front_door [SECONDS]"),
    }
}

/// What is measured: a server and the requests that it gets.
struct Subject {
    name: &'static str,
    /// Whose rate it is compared with; its own name for a baseline.
    beside: &'static str,
    process: u32,
    load: Load,
}

fn measure(span: Duration) {
    let hello = bare::spawn("hello", "-");
    let forward = bare::spawn("forward", &hello.address);
    let (rs256, eddsa) = (bare::spawn("rs256", "-"), bare::spawn("eddsa", "-"));
    let ours = platform::start(&hello.address);

    let bare_token = |server: &bare::Server| Load::same(&server.address, "POST", "/oauth2/token", &[], "x=y");
    let bare_get = |server: &bare::Server| Load::same(&server.address, "GET", "/v2/items", &[], "");
    let subjects = [
        Subject {
            name: "bare RS256 signing",
            beside: "bare RS256 signing",
            process: rs256.id(),
            load: bare_token(&rs256),
        },
        Subject {
            name: "tokens, RS256",
            beside: "bare RS256 signing",
            process: ours.id(),
            load: ours.tokens("RS256"),
        },
        Subject {
            name: "bare EdDSA signing",
            beside: "bare EdDSA signing",
            process: eddsa.id(),
            load: bare_token(&eddsa),
        },
        Subject {
            name: "tokens, EdDSA",
            beside: "bare EdDSA signing",
            process: ours.id(),
            load: ours.tokens("EdDSA"),
        },
        Subject {
            name: "upstream, direct",
            beside: "bare forwarder",
            process: hello.id(),
            load: bare_get(&hello),
        },
        Subject {
            name: "bare forwarder",
            beside: "bare forwarder",
            process: forward.id(),
            load: bare_get(&forward),
        },
        Subject {
            name: "gateway, RS256",
            beside: "bare forwarder",
            process: ours.id(),
            load: ours.calls("RS256"),
        },
        Subject {
            name: "gateway, EdDSA",
            beside: "bare forwarder",
            process: ours.id(),
            load: ours.calls("EdDSA"),
        },
    ];
    let mut rows: Vec<Row> = subjects.iter().map(|subject| Row::new(subject.name, subject.beside)).collect();
    for _ in 0..ROUNDS {
        for (subject, row) in subjects.iter().zip(&mut rows) {
            subject.load.run(CONNECTIONS, WARM_UP);
            let before = report::cpu_seconds(subject.process);
            let measured = subject.load.run(CONNECTIONS, span);
            row.add(measured, report::cpu_seconds(subject.process) - before, span);
        }
    }
    report::print(&rows, ours.resident_mib(), span);
}
