//! Automation of this repository.
//!
//! - `cargo xtask test` installs what the tests need and runs every check and test.
//! - `cargo xtask bench` measures ours beside the alternatives and writes docs/benchmarks.md.
//! - `cargo xtask crash TIMES` kills a node in the middle of administrative writes so often, on each engine.

mod bench;
mod install;
mod postgres;
mod shell;
#[cfg(test)]
mod tidy;

use shell::{Outcome, cargo, run};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask test | bench [SECONDS] [SCENARIO…] | crash TIMES";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["test"] => test(),
        ["bench", ref rest @ ..] => bench::run(rest),
        ["crash", times] => crash(times),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            shell::say(&fault);
            ExitCode::FAILURE
        }
    }
}

/// Everything that must hold before a change lands. The test runner comes last, so that its summary closes.
fn test() -> Outcome {
    install::everything()?;
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    run(&mut cargo(["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"]))?;
    run(cargo(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "--deny warnings"))?;
    run(&mut cargo(["test", "--workspace", "--doc", "--locked"]))?;
    let postgres = postgres::Server::start()?;
    run(cargo(["nextest", "run", "--workspace", "--locked"]).env("EINLASS_TEST_POSTGRES", postgres.url()))
}

/// The test that the suite runs a few times, as often as one likes.
fn crash(times: &str) -> Outcome {
    let postgres = postgres::Server::start()?;
    let only = ["nextest", "run", "--locked", "--package", "einlass", "--filterset", "test(serve::crash::)"];
    run(cargo(only).env("EINLASS_TEST_POSTGRES", postgres.url()).env("EINLASS_TEST_CRASHES", times))
}
