//! `einlass config`: says what is wrong with a configuration, and what holds.

use super::{Config, load, remarks};
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say everything that is wrong with the configuration.
    ///
    /// Reads the file, the environment and the files that both name; opens no port and leaves the store alone. Exit
    /// code 0 when it is right, 2 when it is not. What is right and hardly meant is remarked on standard error.
    Check {
        #[command(flatten)]
        source: Source,
    },
    /// Print the configuration as it holds, as TOML; secrets as "(set)".
    Show {
        #[command(flatten)]
        source: Source,
        /// Say behind each value where it comes from.
        #[arg(long)]
        origin: bool,
    },
}

/// Where the configuration is.
#[derive(clap::Args)]
pub(crate) struct Source {
    /// The configuration's file. `EINLASS_<SECTION>_<KEY>` in the environment comes before what it says.
    #[arg(long, value_name = "FILE", default_value = "einlass.toml")]
    config: PathBuf,
}

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Check { source: Source { config } } => {
            let (read, effective) = load(&config)?;
            for remark in remarks(&effective) {
                output::remark(&remark);
            }
            output::print(&summary(&config, &read))
        }
        Command::Show { source: Source { config }, origin } => {
            let (_, effective) = load(&config)?;
            output::print(&effective.to_toml(origin))
        }
    }
}

/// What was read, in one line.
fn summary(file: &Path, config: &Config) -> String {
    let operations = config.upstreams.iter().map(|upstream| upstream.policy.operations().count()).sum();
    let findings = config.upstreams.iter().map(|upstream| upstream.documents.lint(None).len()).sum();
    format!(
        "{}: right; {}, {} with {}, {} of `policy lint`\n",
        file.display(),
        counted(config.listeners.len(), "listener"),
        counted(config.upstreams.len(), "upstream"),
        counted(operations, "operation"),
        counted(findings, "finding"),
    )
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
