//! The first operator: a platform that nobody can administer prints a link that makes an administrator.

use crate::failure::Failure;
use crate::output;
use einlass_server::Platform;

/// Prints the link, if one is needed. It goes to standard output alone, and not into the log.
pub(super) async fn invite(platform: &Platform, administered_at: Option<String>) -> Result<(), Failure> {
    let Some(administered_at) = administered_at else {
        return Ok(());
    };
    let code =
        platform.first_operator_code().await.map_err(|fault| Failure::Unavailable(fault.to_string()))?;
    let Some(code) = code else {
        return Ok(());
    };
    output::print(&format!(
        "Nobody can administer this platform yet. Within a day, and once, this link makes an administrator:\n\n  \
         {administered_at}/admin/first#{code}\n\n\
         Open it in a browser for an account, or paste it into `einlass admin-token claim` for an admin token.\n",
        code = code.expose()
    ))
}
