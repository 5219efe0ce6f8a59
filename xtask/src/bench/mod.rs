//! The benchmark: ours and the alternatives in one run. All of it becomes `docs/benchmarks.md`; parts of it, or with
//! other spans, are only shown.

mod machine;

use crate::install;
use crate::postgres;
use crate::shell::{Outcome, cargo, print, root, run as run_to_its_end, run_and_keep, say};
use std::fs;

/// How long everybody is measured in each round, in seconds, unless said otherwise.
const SECONDS: &str = "2";
/// The scenario that is a program of its own: the SDKs that it measures are no dependencies of the product.
const SDK: &str = "sdk";
const PAGE: &str = "docs/benchmarks.md";

/// `[SECONDS] [SCENARIO…]`
pub(crate) fn run(words: &[&str]) -> Outcome {
    let (seconds, scenarios) = match words {
        [first, rest @ ..] if first.parse::<u32>().is_ok() => (*first, rest),
        _ => (SECONDS, words),
    };
    install::alternatives();
    let head = head()?;
    print(&head);
    let mut page = head;
    let servers: Vec<&str> = scenarios.iter().copied().filter(|scenario| *scenario != SDK).collect();
    if scenarios.is_empty() || !servers.is_empty() {
        page += &measure_servers(seconds, &servers)?;
    }
    if scenarios.is_empty() || scenarios.contains(&SDK) {
        page += &measure_sdks(seconds)?;
    }
    if scenarios.is_empty() {
        let page = format!("{}\n", page.trim_end());
        fs::write(root().join(PAGE), page).map_err(|fault| format!("{PAGE}: {fault}"))?;
        say(&format!("{PAGE} is written"));
    }
    Ok(())
}

fn measure_servers(seconds: &str, scenarios: &[&str]) -> Outcome<String> {
    run_to_its_end(&mut cargo(["build", "--release", "--locked", "--package", "einlass"]))?;
    let mut bench = cargo(["bench", "--locked", "--package", "einlass", "--bench", "front_door", "--"]);
    bench.arg(seconds).args(scenarios);
    let server = postgres::Server::start();
    match &server {
        Ok(server) => _ = bench.env("EINLASS_BENCH_POSTGRES", server.url()),
        Err(fault) => say(&format!("going on without: {fault}")),
    }
    run_and_keep(&mut bench)
}

fn measure_sdks(seconds: &str) -> Outcome<String> {
    let folder = root().join("benches/sdk");
    run_and_keep(cargo(["run", "--release", "--locked", "--quiet", "--"]).arg(seconds).current_dir(folder))
}

fn head() -> Outcome<String> {
    Ok(format!(
        "# Benchmarks\n\n\
         Made by `cargo xtask bench`, which installs the alternatives, starts everybody on one machine and lets them take \
         turns, round after round: a change of the machine's speed meets all of them, and the ratio of each round says what \
         a figure is worth. Rates are of answers with status 200. CPU-seconds are the server's, all its processes together; \
         memory is resident, with pages that its processes share counted once. The load is ours too \
         (`crates/einlass/benches/front_door/load`). Everything is on loopback without TLS.\n\n\
         {}\n",
        machine::in_words()?
    ))
}
