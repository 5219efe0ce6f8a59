//! `einlass token`: a token on standard output, for whatever language calls the API.

use super::{ScxParty, block_on, environment, rfc3339, session_token};
use crate::failure::Failure;
use crate::output;
use clap::ValueEnum;
use einlass_client::environment::{Environment, ScxEnvironment};
use einlass_client::source::{ClientCredentials, Scx};
use einlass_client::{Token, TokenCache};
use einlass_protocol::scope::ScopeSet;
use serde_json::json;
use std::sync::Arc;

/// Reads `JTL_AUTH_BASE` or `EINLASS_URL`, and `CLIENT_ID` and `CLIENT_SECRET` or their `_FILE` twins; with --scx
/// `SCX_BASE`, and `SCX_REFRESH_TOKEN` or `SCX_SELLER_REFRESH_TOKEN` or their `_FILE` twins; with --session `EINLASS_URL` or
/// `JTL_API_BASE` alone.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Ask for these scopes only, separated by spaces.
    #[arg(long, value_name = "SCOPES")]
    scope: Option<ScopeSet>,
    /// An authToken of a marketplace channel's, or with --scx=seller of a seller's.
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "channel", value_name = "WHO", conflicts_with = "scope")]
    scx: Option<ScxParty>,
    /// A session token, as the App Shell gives it to the demonstration app for its merchant. Of `einlass dev` alone.
    #[arg(long, conflicts_with_all = ["scope", "scx"])]
    session: bool,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Token)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// The token alone.
    Token,
    /// The token, its type and when it expires; a session token as apps send it to their backend.
    Json,
    /// A header line for curl's `-H @-`.
    Header,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.session {
        return session(options.format);
    }
    let (token, source) = if let Some(party) = options.scx {
        let ScxEnvironment { base, refresh_token } = party.environment()?;
        let tokens = TokenCache::new(Scx::new(&base, refresh_token)?);
        (block_on(async { Ok(tokens.token().await?) })?, base.to_string())
    } else {
        let environment = environment()?;
        let source = environment.auth_base.to_string();
        (block_on(fetch(environment, options.scope.as_ref()))?, source)
    };
    output::print(&match options.format {
        Format::Token => format!("{}\n", token.expose()),
        Format::Json => format!("{}\n", as_json(&token, &source)),
        Format::Header => format!("Authorization: Bearer {}\n", token.expose()),
    })
}

fn session(format: Format) -> Result<(), Failure> {
    let token = block_on(session_token::fetch())?;
    output::print(&match format {
        Format::Token => format!("{token}\n"),
        Format::Json => format!("{}\n", json!({ "sessionToken": token })),
        Format::Header => format!("Authorization: Bearer {token}\n"),
    })
}

async fn fetch(environment: Environment, scope: Option<&ScopeSet>) -> Result<Arc<Token>, Failure> {
    let source = ClientCredentials::new(&environment.auth_base, environment.credentials)?;
    let source = match scope {
        Some(scope) => source.narrowed_to(scope),
        None => source,
    };
    Ok(TokenCache::new(source).token().await?)
}

fn as_json(token: &Token, source: &str) -> serde_json::Value {
    json!({
        "access_token": token.expose(),
        "token_type": "Bearer",
        "expires_at": rfc3339(token.expires_at()),
        "expires_at_unix": token.expires_at().seconds(),
        "source": source,
    })
}
