//! An admin token made on the store itself, for whoever has lost all others.

use crate::config;
use crate::failure::Failure;
use crate::output;
use einlass_client::clock::{Clock, SystemClock};
use einlass_server::admin::{self, NotRecovered};
use einlass_server::random::OsRandom;
use einlass_store::{Store, StoreError};
use std::path::Path;

/// Makes a token and prints it as a line that a shell can read.
pub(super) async fn run(file: &Path, name: &str) -> Result<(), Failure> {
    let (config, _) = config::load(file)?;
    let store = Store::open_as_it_is(config.store.url.expose()).await;
    let store = store.map_err(|fault| config.store.does_not_open(&fault))?;
    let made = admin::recover(&store, &OsRandom, SystemClock::new().wall(), name).await;
    store.close().await;
    let (id, token) = made.map_err(|fault| failed(&fault, name))?;
    output::print(&format!("EINLASS_ADMIN_TOKEN={}\n", token.expose()))?;
    output::remark(&format!(
        "Admin token {name} ({id}) opens everything for 90 days. It is shown this once."
    ));
    output::remark("Tokens that may be in wrong hands still work: einlass admin-token list, and revoke.");
    Ok(())
}

fn failed(fault: &NotRecovered, name: &str) -> Failure {
    match fault {
        NotRecovered::Name(_) => Failure::Usage(fault.to_string()),
        NotRecovered::Store(StoreError::AlreadyExists(_)) => {
            Failure::Usage(format!("there is an admin token {name} already; choose another --name"))
        }
        NotRecovered::Store(other) => Failure::Failed(other.to_string()),
    }
}
