//! `einlass policy`: what the gateway judges calls by.

mod explain;
mod lint;

use crate::failure::Failure;
use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say which operation a call is, and what it needs.
    ///
    /// With --openapi by these documents; else by what the platform at `EINLASS_ADMIN_URL` or `EINLASS_URL`
    /// judges by (needs an admin token); without either by the demonstration ERP's document. Exit code 0 whether
    /// the call would be let in or refused: a refusal that is explained is an answer.
    Explain(explain::Options),
    /// Look for what is odd in OpenAPI documents.
    ///
    /// Reports faults, operations that no call can use or that are public, scopes that do not exist, and
    /// templates that take each other's paths. Exit code 0 when there is nothing to report, 1 when there is.
    Lint(lint::Options),
}

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Explain(options) => explain::run(&options),
        Command::Lint(options) => lint::run(&options),
    }
}
