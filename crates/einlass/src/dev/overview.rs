//! What `einlass dev` says when it is up: where everything is, and what to paste.

use super::data_folder::DataFolder;
use super::environment;
use super::platform::DevPlatform;
use std::path::{Path, PathBuf};

/// The overview, with paths as one would type them here.
pub(crate) fn of(platform: &DevPlatform, folder: &DataFolder) -> String {
    let DevPlatform { url, demo, behind, app_url, .. } = platform;
    let environment = as_typed(&folder.path().join(environment::FILE));
    let folder = as_typed(folder.path());
    let einlass = std::env::current_exe().map_or_else(|_| "einlass".into(), |path| as_typed(&path));
    let sourced = if environment.contains('/') { environment.clone() } else { format!("./{environment}") };
    format!(
        "\
einlass dev is up at {url}

  tokens      {url}/oauth2/token
  keys        {url}/.well-known/jwks.json
  API         {url}/erp, behind it {behind}
  channels    {url}/v1, channel {channel} ($SCX_CHANNEL)
  pages       {url}/, with somebody to sign in as at each organisation
  app         Stock Mirror at {app_url} ($APP_URL), asks for {scopes}
  merchants   Anna's Bikes ($TENANT_ID, has the app) and Anna's Workshop (has not), Bert's Books ($OTHER_TENANT_ID, has not)
  values      {environment}
  data        {folder}; delete it for a fresh start

Paste into another terminal:

  set -a; . {sourced}; set +a
  {einlass} token
  {einlass} token --session
  {einlass} call GET /erp/v2/info --tenant $TENANT_ID
  {einlass} login    # in a browser, as $MERCHANT_EMAIL with $MERCHANT_PASSWORD
  {einlass} call --user GET /erp/v2/info --tenant $TENANT_ID
  {einlass} policy explain POST /erp/v2/returns
  curl -sd refreshToken=$SCX_REFRESH_TOKEN $SCX_BASE/auth
  curl -su $CLIENT_ID:$CLIENT_SECRET -d grant_type=client_credentials $JTL_AUTH_BASE/oauth2/token

",
        scopes = demo.scopes,
        channel = demo.channel.name,
    )
}

/// Relative to the current folder where that is shorter.
fn as_typed(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|path| path.canonicalize()).unwrap_or_default();
    let shown: PathBuf = path.strip_prefix(here).map_or_else(|_| path.into(), PathBuf::from);
    shown.display().to_string()
}
