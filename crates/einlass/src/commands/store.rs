//! `einlass store`: the durable state of a platform as such.

use crate::config;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use einlass_store::{Store, StoreError};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Copy an embedded database while the platform runs.
    ///
    /// The file must not be there yet. Everything that was acknowledged before is in it. PostgreSQL has `pg_dump`.
    Backup {
        /// The configuration of the platform.
        #[arg(long, value_name = "FILE", default_value = "einlass.toml")]
        config: PathBuf,
        /// Where to put the copy.
        file: PathBuf,
    },
}

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Backup { config, file } => super::block_on(backup(&config, &file)),
    }
}

async fn backup(config: &Path, file: &Path) -> Result<(), Failure> {
    let (config, _) = config::load(config)?;
    let store = Store::open_as_it_is(config.store.url.expose()).await;
    let store = store.map_err(|fault| config.store.does_not_open(&fault))?;
    let outcome = store.backup(file).await;
    store.close().await;
    outcome.map_err(|fault| failed(&fault, file))?;
    output::print(&format!("{}\n", file.display()))
}

fn failed(fault: &StoreError, file: &Path) -> Failure {
    match fault {
        StoreError::AlreadyExists(_) => {
            Failure::Usage(format!("{} is there already; nothing is written over", file.display()))
        }
        other => Failure::Failed(other.to_string()),
    }
}
