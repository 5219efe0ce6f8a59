//! `einlass login`: a person signs in with a browser, and what comes of it is kept for `einlass call --user`.

use super::{block_on, sign_in_file, variable};
use crate::failure::Failure;
use crate::output::{self, printable};
use einlass_client::environment::LoginEnvironment;
use einlass_client::fetch::FetchError;
use einlass_client::issuer::Issuer;
use einlass_client::login::{Login, LoginError, SignedIn};
use einlass_protocol::ids::ClientId;
use einlass_protocol::scope::ScopeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long a person may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// Reads `JTL_AUTH_BASE` or `EINLASS_URL`, `PUBLIC_CLIENT_ID` and `EINLASS_LOGIN_FILE`. Exit code 4 when nobody was signed
/// in.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Who issues the tokens, as it names itself; else `JTL_AUTH_BASE`.
    #[arg(long, value_name = "URL")]
    issuer: Option<Issuer>,
    /// The client: one without a secret, to which <http://127.0.0.1/callback> is registered; else `PUBLIC_CLIENT_ID`.
    #[arg(long, value_name = "ID")]
    client_id: Option<ClientId>,
    /// What to ask for, separated by spaces. Without a scope of the API everything that the app may have.
    #[arg(long, value_name = "SCOPES", default_value = "openid offline_access")]
    scope: ScopeSet,
    /// Where to keep the sign-in; else `EINLASS_LOGIN_FILE`, else einlass/login.json in your configuration folder.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Print the URL and open no browser.
    #[arg(long)]
    no_browser: bool,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    let issuer = options.issuer.map_or_else(|| LoginEnvironment::issuer(variable), Ok)?;
    let client_id = options.client_id.map_or_else(|| LoginEnvironment::client_id(variable), Ok)?;
    let file = sign_in_file::at(options.file.as_deref())?;
    block_on(async {
        // Whoever has signed in should not hear then that it cannot be kept.
        file.prepare().await?;
        let login = Login::new(issuer, client_id, options.scope);
        let signed_in = sign_in(login, !options.no_browser).await.map_err(|fault| refused(&fault))?;
        file.keep(&signed_in).await?;
        output::remark(&told(&signed_in, &file.path().display()));
        Ok(())
    })
}

async fn sign_in(login: Login, with_browser: bool) -> Result<SignedIn, LoginError> {
    let begun = login.begin().await?;
    output::remark("Open this in a browser on this machine, and sign in:\n");
    // The URL is for whoever wants to open it in another way, and nothing else is data here.
    let _ = output::print(&format!("{}\n", begun.url()));
    if with_browser {
        open(begun.url());
    }
    begun.finish(PATIENCE).await
}

/// Tries to open a browser. Who has none has the URL.
fn open(url: &str) {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        // `start` takes what is quoted first for a title, and cmd an `&` for the end of a command.
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut browser = Command::new(program);
    browser.args(arguments).arg(url);
    // What it has to say is for nobody here.
    let _ = browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

fn told(signed_in: &SignedIn, file: &dyn std::fmt::Display) -> String {
    let subject = printable(&signed_in.subject);
    let lasts = if signed_in.is_renewable() {
        ""
    } else {
        "\nIt ends with its token: `offline_access` was not asked for, or not granted."
    };
    format!("Signed in as {subject}. It is kept in {file}; `einlass logout` ends it.{lasts}")
}

fn refused(fault: &LoginError) -> Failure {
    let text = fault.to_string();
    match fault {
        LoginError::NoOpenId => Failure::Usage(format!("{text} (--scope)")),
        LoginError::Discovery { cause: FetchError::Unreachable(_) | FetchError::TimedOut, .. }
        | LoginError::Exchange(FetchError::Unreachable(_) | FetchError::TimedOut)
        | LoginError::Keys(_) => Failure::Unavailable(text),
        LoginError::Discovery {
            cause: FetchError::Status { status, .. } | FetchError::Redirected(status),
            ..
        } => {
            if status.is_server_error() {
                return Failure::Unavailable(text);
            }
            Failure::Usage(format!("{text}. Is it the URL of an issuer (--issuer)?"))
        }
        LoginError::Discovery { .. } => Failure::Usage(format!("{text} (--issuer)")),
        LoginError::Listen(_) | LoginError::Random(_) => Failure::Failed(text),
        LoginError::TimedOut(_) => Failure::Credentials(format!(
            "{text}. If the browser showed an error: is this the id of a client without a secret (--client-id)?"
        )),
        _ => Failure::Credentials(text),
    }
}
