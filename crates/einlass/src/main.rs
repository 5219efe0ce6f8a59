//! The `einlass` executable: the command line, and the one place where servers and gateway meet.

mod cli;
mod commands;
mod config;
mod dev;
mod documents;
mod duration;
mod failure;
mod log;
mod node;
mod output;
mod private;
mod reload;
mod serve;
mod signals;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match log::written_after(|| cli::Cli::parse().run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure);
            failure.exit_code()
        }
    }
}
