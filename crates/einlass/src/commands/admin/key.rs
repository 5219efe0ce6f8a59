//! `einlass key`: the keys that tokens are signed with, and the key that those are kept under.

use super::api::Api;
use super::printer::{Format, show_all};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use einlass_server::random::{OsRandom, Random};
use serde_json::json;
use std::fmt::Write;

pub(super) const EXAMPLES: &str = "\
Examples:
  (umask 077; einlass key generate-master > master.key)
  einlass key rotate
  einlass key revoke \"$KID\"";

const COLUMNS: &[Column] = &[
    Column::text("KID", "kid"),
    Column::text("ALGORITHM", "algorithm"),
    Column::text("PHASE", "phase"),
    Column::time("ANNOUNCED", "announced_at"),
    Column::time("SIGNS FROM", "signs_from"),
    Column::text("ISSUER", "issuer"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the signing keys.
    List,
    /// Announce the next key of each algorithm now, ahead of time. Nobody notices.
    Rotate,
    /// End the trust in a key at once. Everything that it signed is worthless from then on.
    Revoke {
        /// Its id, as `list` and the key set have it.
        // One kid in 64 begins with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Make a master key, which signing keys are encrypted under in the store, and print it. Asks no platform.
    GenerateMaster,
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    match verb {
        Verb::List => show_all(format, COLUMNS, &Api::from_env()?.get(&["keys"]).await?),
        Verb::Rotate => {
            show_all(format, COLUMNS, &Api::from_env()?.create(&["keys", "rotate"], json!({})).await?)
        }
        Verb::Revoke { kid } => {
            Api::from_env()?.delete(&["keys", &kid]).await?;
            output::remark(&format!("Key {kid} is trusted no longer, nor is anything that it signed."));
            Ok(())
        }
        Verb::GenerateMaster => generate_master(&OsRandom),
    }
}

fn generate_master(random: &impl Random) -> Result<(), Failure> {
    let mut key = [0; 32];
    random.fill(&mut key);
    output::print(&format!("{}\n", hex(&key)))?;
    output::remark(
        "Keep it in a file that only the platform's user reads: \
         (umask 077; einlass key generate-master > master.key)\n\
         Without it the signing keys in the store are lost, and with them every token.",
    );
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
