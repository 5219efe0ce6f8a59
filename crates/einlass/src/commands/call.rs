//! `einlass call`: one call to the API. The answer's body goes to standard output as it comes, everything
//! else to standard error.

use super::{ScxParty, block_on, environment, sign_in_file, variable};
use crate::failure::Failure;
use crate::output;
use einlass_client::api::ApiResponse;
use einlass_client::environment::{Environment, OnpremEnvironment, ScxEnvironment};
use einlass_client::login::SignInTokens;
use einlass_client::source::Scx;
use einlass_client::{ApiClient, TokenCache};
use einlass_protocol::ids::TenantId;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Reads what `einlass token` reads, and `JTL_API_BASE` (not with --scx); with --onprem `ONPREM_BASE`, `ONPREM_API_KEY` or
/// its `_FILE` twin, `ONPREM_APP_ID` and `ONPREM_APP_VERSION`; with --user `JTL_API_BASE` or `EINLASS_URL`, and `EINLASS_LOGIN_FILE`. Exit code 4 for a 401, 5 for a 429 or 5xx, 1 for
/// any other status from 400.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(crate) struct Options {
    /// GET, POST, …
    method: String,
    /// The path below the API's base, as /erp/v2/info; a query may follow.
    path: String,
    /// On behalf of which merchant (`X-Tenant-ID`).
    #[arg(long, env = "TENANT_ID", value_name = "ID")]
    tenant: Option<TenantId>,
    /// On behalf of nobody: send no `X-Tenant-ID`, whatever `TENANT_ID` says.
    #[arg(long)]
    no_tenant: bool,
    /// As a marketplace channel, or with --scx=seller as a seller; the path is below `SCX_BASE`, as /channel/event.
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "channel", value_name = "WHO")]
    scx: Option<ScxParty>,
    /// With the key of an on-premise app; the path is below `ONPREM_BASE`, as /v1/items.
    #[arg(long, conflicts_with = "scx")]
    onprem: bool,
    /// In the name of who has signed in with `einlass login`.
    #[arg(long, conflicts_with_all = ["scx", "onprem"])]
    user: bool,
    /// Where that sign-in is kept.
    #[arg(long, value_name = "FILE", requires = "user")]
    file: Option<PathBuf>,
    /// On behalf of this user of the ERP's (`x-runas`).
    #[arg(long, value_name = "USER", requires = "onprem")]
    run_as: Option<String>,
    /// Nothing but your own network is in between: `ONPREM_BASE` may be plain http.
    #[arg(long, requires = "onprem")]
    own_network: bool,
    /// A JSON body; `-` reads it from standard input.
    #[arg(long, value_name = "JSON")]
    body: Option<String>,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    let method = options
        .method
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Failure::Usage(format!("{:?} is no HTTP method", options.method)))?;
    block_on(call(method, options))
}

async fn call(method: Method, options: Options) -> Result<(), Failure> {
    let client = match options.scx {
        Some(party) => scx_client(party)?,
        None if options.onprem => onprem_client(&options)?,
        None if options.user => user_client(options.file.as_deref()).await?,
        None => ApiClient::of(environment()?)?,
    };
    // Channels have no tenants, a seller is one, and so is an ERP of its own.
    let no_tenant = options.no_tenant || options.scx.is_some() || options.onprem;
    let request = client.request(method, &options.path);
    let request = match options.tenant.filter(|_| !no_tenant) {
        Some(tenant) => request.tenant(tenant),
        None if no_tenant => request.no_tenant(),
        None => {
            return Err(Failure::Usage(
                "say for which tenant: --tenant ID, TENANT_ID, or --no-tenant".into(),
            ));
        }
    };
    let request = match options.body {
        Some(body) => request
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(if body == "-" { read_stdin()? } else { body.into_bytes() }),
        None => request,
    };
    show(request.send().await?).await
}

fn scx_client(party: ScxParty) -> Result<ApiClient, Failure> {
    let ScxEnvironment { base, refresh_token } = party.environment()?;
    let tokens = TokenCache::new(Scx::new(&base, refresh_token)?);
    Ok(ApiClient::new(base, tokens)?)
}

async fn user_client(file: Option<&Path>) -> Result<ApiClient, Failure> {
    let (base, file) = (Environment::api_base(variable)?, sign_in_file::at(file)?);
    // Looked at first: that nobody has signed in is no refusal of the platform's.
    file.read().await?;
    let tokens = TokenCache::new(SignInTokens::new(file));
    Ok(ApiClient::new(base, tokens)?)
}

fn onprem_client(options: &Options) -> Result<ApiClient, Failure> {
    let given = |name: &str| match name {
        "ONPREM_OWN_NETWORK" if options.own_network => Some("true".into()),
        _ => variable(name),
    };
    let OnpremEnvironment { site, mut caller } = OnpremEnvironment::read(given)?;
    if let Some(user) = &options.run_as {
        caller = caller.run_as(user).map_err(|_| Failure::Usage("--run-as fits no header".into()))?;
    }
    Ok(ApiClient::on_premise(&site, caller)?)
}

async fn show(mut response: ApiResponse) -> Result<(), Failure> {
    let status = response.status();
    let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or("none");
    let message = format!("the API answered {status} (request id {id})");
    while let Some(chunk) = response.chunk().await? {
        output::write(&chunk)?;
    }
    match status.as_u16() {
        ..=399 => Ok(()),
        401 => Err(Failure::Credentials(message)),
        429 | 500.. => Err(Failure::Unavailable(message)),
        _ => Err(Failure::Failed(message)),
    }
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    std::io::stdin().lock().read_to_end(&mut body)?;
    Ok(body)
}
