//! `einlass register`: asks a merchant's ERP to let an app in, waits for its admin, and prints the key.

use super::{block_on, variable};
use crate::failure::Failure;
use crate::output::{self, printable};
use crate::signals;
use clap::ValueEnum;
use einlass_client::environment::OnpremEnvironment;
use einlass_client::onprem::{
    Keep, KeepError, Manifest, Progress, RegisterError, Registered, Registrar, Site,
};
use http::HeaderValue;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Reads `ONPREM_BASE` and `ONPREM_OWN_NETWORK`. Exit code 4 when the ERP does not let the app in, 1 when it was interrupted;
/// the same command again goes on from there.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The manifest, a JSON file; --write-manifest makes one to start from.
    #[arg(required_unless_present = "write_manifest")]
    manifest: Option<PathBuf>,
    /// Write an example manifest to this new file, and do nothing else.
    #[arg(long, value_name = "FILE", conflicts_with = "manifest")]
    write_manifest: Option<PathBuf>,
    /// Where the ERP is, as <https://erp.example:5883/api/eazybusiness>; else `ONPREM_BASE`.
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// Nothing but your own network is in between: allow plain http.
    #[arg(long)]
    own_network: bool,
    /// Where the registration and its key are kept; a key in it is never overwritten.
    #[arg(long, value_name = "FILE", default_value = "registration.json")]
    keep: PathBuf,
    /// Forget a request that leads nowhere any more, and make another.
    #[arg(long)]
    begin_again: bool,
    /// Send this `api-version`.
    #[arg(long, value_name = "VERSION")]
    api_version: Option<HeaderValue>,
    /// What to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// NAME=value lines, as `einlass call --onprem` reads them from the environment.
    #[default]
    Env,
    /// The same and the granted scopes, as one object.
    Json,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if let Some(file) = &options.write_manifest {
        return write_example(file);
    }
    let manifest = read(options.manifest.as_deref().unwrap_or(Path::new("")))?;
    let site = site(options)?;
    let registered = block_on(register(options, &manifest, site.clone()))?;
    show(options.format, &manifest, &site, &registered)
}

fn write_example(file: &Path) -> Result<(), Failure> {
    let fault = |fault: std::io::Error| Failure::Usage(format!("{}: {fault}", file.display()));
    let example = serde_json::to_string_pretty(&Manifest::example());
    let example = example.map_err(|fault| Failure::Failed(fault.to_string()))?;
    let mut written = OpenOptions::new().write(true).create_new(true).open(file).map_err(fault)?;
    written.write_all(format!("{example}\n").as_bytes()).map_err(fault)?;
    output::remark(&format!(
        "{0} is an example: say in it what your app is and needs, then: einlass register {0}",
        file.display()
    ));
    Ok(())
}

fn read(file: &Path) -> Result<Manifest, Failure> {
    let unusable = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", file.display()));
    let text = std::fs::read(file).map_err(|fault| unusable(&fault))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|fault| unusable(&fault))?;
    manifest.check().map_err(|fault| unusable(&fault))?;
    Ok(manifest)
}

fn site(options: &Options) -> Result<Site, Failure> {
    let given = |name: &str| match name {
        "ONPREM_BASE" => options.base.clone().or_else(|| variable(name)),
        "ONPREM_OWN_NETWORK" if options.own_network => Some("true".into()),
        _ => variable(name),
    };
    OnpremEnvironment::site(given).map_err(|fault| match fault.to_string() {
        text if options.own_network || !text.contains("https") => Failure::Usage(text),
        text => Failure::Usage(format!("{text}; --own-network allows it where nothing else is in between")),
    })
}

async fn register(options: &Options, manifest: &Manifest, site: Site) -> Result<Registered, Failure> {
    let keep = Keep::in_file(&options.keep);
    if options.begin_again {
        keep.forget_request().await.map_err(|fault| refused(&fault.into(), options))?;
    }
    let mut registrar = Registrar::new(site.clone())?;
    if let Some(version) = options.api_version.clone() {
        registrar = registrar.api_version(version);
    }
    let end = signals::end();
    let mut last = None;
    let tell = |state| {
        if last.as_ref() != Some(&state) {
            output::remark(&told(&state, &site));
            last = Some(state);
        }
    };
    let outcome = tokio::select! {
        outcome = registrar.register(manifest, &keep, tell) => outcome.map_err(|fault| refused(&fault, options)),
        () = end => Err(Failure::Failed(format!(
            "interrupted; {} remembers how far it came, and the same command goes on from there",
            options.keep.display()
        ))),
    };
    // A key that is on its way is kept before this process ends.
    keep.settled().await;
    outcome
}

fn told(state: &Progress, site: &Site) -> String {
    match state {
        Progress::NobodyWaits => format!(
            "Nobody at the merchant has opened App Registration yet: ask its admin to open it (Admin, App Registration; \
             with Einlass the page /onprem where {site} is) and to choose Add. Trying again until then."
        ),
        Progress::Pending => "The request is there. Waiting for the admin to decide.".into(),
        Progress::Failing { fault, retry_in } => {
            format!("{fault}. Trying again in {} seconds.", retry_in.as_secs())
        }
        other => format!("{other:?}"),
    }
}

fn refused(error: &RegisterError, options: &Options) -> Failure {
    let text = error.to_string();
    match error {
        RegisterError::Manifest(_)
        | RegisterError::Malformed { .. }
        | RegisterError::NobodyThere
        | RegisterError::Redirected(_) => Failure::Usage(text),
        RegisterError::UnsupportedApiVersion => Failure::Usage(format!("{text}: try another --api-version")),
        RegisterError::Keep(KeepError::OfAnother { .. } | KeepError::Foreign(_) | KeepError::HoldsKey(_)) => {
            Failure::Usage(format!("{text} (--keep FILE)"))
        }
        RegisterError::Expired | RegisterError::AlreadyRegistered => {
            Failure::Credentials(format!("{text}.\n         {}", advice(options)))
        }
        RegisterError::Unlicensed
        | RegisterError::AlreadyRead
        | RegisterError::Rejected
        | RegisterError::Refused { .. } => Failure::Credentials(text),
        _ => Failure::Failed(text),
    }
}

fn advice(options: &Options) -> String {
    format!("--begin-again forgets the request that {} remembers and makes another.", options.keep.display())
}

fn show(format: Format, manifest: &Manifest, site: &Site, registered: &Registered) -> Result<(), Failure> {
    let Registered { api_key, granted_scopes } = registered;
    let (base, id, version) = (site.to_string(), &manifest.app_id, &manifest.version);
    let key = printable(api_key.expose());
    let text = match format {
        Format::Json => format!(
            "{}\n",
            json!({ "base": base, "app_id": id, "app_version": version, "granted_scopes": granted_scopes, "api_key": key })
        ),
        Format::Env => format!(
            "ONPREM_BASE={base}\nONPREM_APP_ID={}\nONPREM_APP_VERSION={}\nONPREM_API_KEY={key}\n",
            printable(id),
            printable(version)
        ),
    };
    output::remark(&format!("The app is registered. Granted: {}", printable(&granted_scopes.join(" "))));
    output::print(&text)
}
