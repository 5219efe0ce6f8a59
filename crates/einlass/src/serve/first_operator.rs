//! The first operator: a platform that no admin token opens prints a link that makes one.

use crate::config::PublicUrl;
use crate::failure::Failure;
use crate::output;
use einlass_server::Platform;

/// Prints the link, if one is needed. It goes to standard output alone, and not into the log.
pub(super) async fn invite(platform: &Platform, public_url: &PublicUrl) -> Result<(), Failure> {
    let code =
        platform.first_operator_code().await.map_err(|fault| Failure::Unavailable(fault.to_string()))?;
    let Some(code) = code else {
        return Ok(());
    };
    output::print(&format!(
        "Nobody can administer this platform yet. Within a day, and once, this link makes an admin token:\n\n  \
         {public_url}/admin/first#{code}\n\n\
         Paste it into: einlass admin-token claim\n",
        code = code.expose()
    ))
}
