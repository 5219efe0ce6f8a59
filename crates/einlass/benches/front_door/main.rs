//! Ours beside its alternatives, all in one run on one machine.
//!
//! `cargo xtask bench [SECONDS] [SCENARIO…]` runs it; SECONDS is how long everybody is measured in each round. The
//! report is Markdown on the standard output.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run says so by panicking")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts, rates and spans are small and positive"
)]

mod bare;
mod cores;
mod load;
mod peers;
mod process;
mod race;
mod report;
mod scenarios;

use scenarios::{SCENARIOS, Stage};
use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["--serve", ref work @ ..] => bare::serve(work),
        [seconds, ref wanted @ ..] => match seconds.parse() {
            Ok(seconds) => run(Duration::from_secs(seconds), wanted),
            Err(_) => run(Duration::from_secs(2), &words),
        },
        [] => run(Duration::from_secs(2), &[]),
    }
}

fn run(span: Duration, wanted: &[&str]) {
    for name in wanted {
        assert!(SCENARIOS.iter().any(|(known, _)| known == name), "no scenario is called {name}");
    }
    cores::hold_the_load();
    let upstream = bare::Server::upstream();
    let ours = peers::ours::Ours::prepare(&upstream.address);
    let running = ours.peer.start().unwrap();
    let stage = Stage { span, upstream: &upstream, ours: &ours, running: &running };
    report::print(&format!(
        "{} Rounds: {}, of {} s for each server. Figures are the rounds' medians.\n",
        cores::in_words(),
        race::ROUNDS,
        span.as_secs()
    ));
    for (name, scenario) in SCENARIOS {
        if wanted.is_empty() || wanted.contains(&name) {
            report::progress(name);
            scenario(&stage);
        }
    }
}
