//! The `einlass` executable: the command line, and the one place where servers and gateway meet.

mod cli;
mod commands;
mod dev;
mod documents;
mod failure;
mod output;
mod reload;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure);
            failure.exit_code()
        }
    }
}
