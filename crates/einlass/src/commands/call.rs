//! `einlass call`: one call to the API. The answer's body goes to standard output as it comes, everything
//! else to standard error.

use super::{ScxParty, block_on, environment};
use crate::failure::Failure;
use crate::output;
use einlass_client::api::ApiResponse;
use einlass_client::environment::ScxEnvironment;
use einlass_client::source::Scx;
use einlass_client::{ApiClient, TokenCache};
use einlass_protocol::ids::TenantId;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use std::io::Read;

/// Reads what `einlass token` reads, and `JTL_API_BASE` (not with --scx). Exit code 4 for a 401, 5 for a 429 or 5xx, 1 for
/// any other status from 400.
#[derive(clap::Args)]
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
        None => ApiClient::of(environment()?)?,
    };
    // Channels have no tenants, and a seller is one.
    let no_tenant = options.no_tenant || options.scx.is_some();
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
