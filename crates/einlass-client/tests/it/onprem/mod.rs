//! Apps at a merchant's ERP, against one that plays scripted answers.

mod calls;
mod erp;
mod refusals;
mod register;
mod resume;
mod secrecy;
mod timers;

use einlass_client::onprem::{Keep, Manifest, Registrar, Site};
use einlass_client::random::OsRandom;
use std::sync::Arc;
use tempfile::TempDir;

/// A registrar that does not wait between its requests.
fn registrar(site: &Site) -> (Registrar, Arc<timers::Eager>) {
    let timer = Arc::new(timers::Eager::default());
    let jitter = Arc::new(crate::support::no_jitter);
    (Registrar::with(site.clone(), timer.clone(), jitter, Arc::new(OsRandom)).unwrap(), timer)
}

fn keep_in(folder: &TempDir) -> Keep {
    Keep::in_file(folder.path().join("registration.json"))
}

fn content(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("registration.json")).unwrap_or_default()
}

fn manifest() -> Manifest {
    Manifest::example()
}
