//! The operator's commands: one noun a file, its verbs in it. They talk to the administration API and nothing
//! else, so they work from any machine that reaches it.

mod admin_token;
pub(crate) mod api;
mod app;
mod audit;
mod channel;
mod client;
pub(crate) mod connection;
mod grant;
mod install;
mod key;
mod member;
mod moment;
mod onprem;
mod org;
mod pages;
mod person;
mod printer;
mod refusal;
mod secret;
mod status;
mod table;
mod tenant;
mod usage;

use super::block_on;
use crate::failure::Failure;
use clap::{Subcommand, ValueEnum};
use einlass_protocol::jose;
use printer::Format;

const ENVIRONMENT: &str = "\
Environment:
  EINLASS_ADMIN_URL         where the platform is; else EINLASS_URL
  EINLASS_ADMIN_TOKEN       what opens it; else ADMIN_TOKEN
  EINLASS_ADMIN_TOKEN_FILE  a file that has it";

/// What an operator administers. An app is named by its id or its technical name, a tenant by its id or its slug.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Organisations: merchants, partners, the operator.
    #[command(after_help = ENVIRONMENT)]
    Org(Noun<org::Verb>),
    /// Members of organisations: who may sign in.
    #[command(after_help = help(member::EXAMPLES))]
    Member(Noun<member::Verb>),
    /// Tenants: for whom apps act.
    #[command(after_help = ENVIRONMENT)]
    Tenant(Noun<tenant::Verb>),
    /// Apps: register, change, shut out.
    #[command(after_help = help(app::EXAMPLES))]
    App(Noun<app::Verb>),
    /// Clients: who an app is at the token endpoint.
    #[command(after_help = ENVIRONMENT)]
    Client(Noun<client::Verb>),
    /// Secrets of clients: several may work at once.
    #[command(after_help = help(secret::EXAMPLES))]
    Secret(Noun<secret::Verb>),
    /// Marketplace channels, their refresh tokens, and their sellers'.
    #[command(after_help = help(channel::EXAMPLES))]
    Channel(Noun<channel::Verb>),
    /// Apps at ERPs on merchants' own premises.
    #[command(after_help = help(onprem::EXAMPLES))]
    Onprem(Noun<onprem::Verb>),
    /// Installations: which app may act for which tenant.
    #[command(after_help = help(install::EXAMPLES))]
    Install(Noun<install::Verb>),
    /// People: who can sign in, and signing them out.
    #[command(after_help = help(person::EXAMPLES))]
    Person(Noun<person::Verb>),
    /// Grants: what people let apps' clients do for them.
    #[command(after_help = help(grant::EXAMPLES))]
    Grant(Noun<grant::Verb>),
    /// Signing keys, and the key that they are kept under.
    #[command(after_help = help(key::EXAMPLES))]
    Key(Noun<key::Verb>),
    /// Tokens that open the administration.
    #[command(after_help = help(admin_token::EXAMPLES))]
    AdminToken(Noun<admin_token::Verb>),
    /// What was changed or refused, and by whom.
    #[command(after_help = help(audit::EXAMPLES))]
    Audit(audit::Options),
    /// How many tokens and calls.
    #[command(after_help = help(usage::EXAMPLES))]
    Usage(usage::Options),
    /// How the platform is, and how much there is of everything.
    #[command(after_help = help(status::EXAMPLES))]
    Status(status::Options),
}

/// Something to administer, and what can be done with it.
#[derive(clap::Args)]
pub(crate) struct Noun<V: Subcommand> {
    #[command(subcommand)]
    verb: V,
    /// What to print.
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
}

fn help(examples: &str) -> String {
    format!("{examples}\n\n{ENVIRONMENT}")
}

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    block_on(async {
        match command {
            Command::Org(Noun { verb, format }) => org::run(verb, format).await,
            Command::Member(Noun { verb, format }) => member::run(verb, format).await,
            Command::Tenant(Noun { verb, format }) => tenant::run(verb, format).await,
            Command::App(Noun { verb, format }) => app::run(verb, format).await,
            Command::Client(Noun { verb, format }) => client::run(verb, format).await,
            Command::Secret(Noun { verb, format }) => secret::run(verb, format).await,
            Command::Channel(Noun { verb, format }) => channel::run(verb, format).await,
            Command::Onprem(Noun { verb, format }) => onprem::run(verb, format).await,
            Command::Install(Noun { verb, format }) => install::run(verb, format).await,
            Command::Person(Noun { verb, format }) => person::run(verb, format).await,
            Command::Grant(Noun { verb, format }) => grant::run(verb, format).await,
            Command::Key(Noun { verb, format }) => key::run(verb, format).await,
            Command::AdminToken(Noun { verb, format }) => admin_token::run(verb, format).await,
            Command::Audit(options) => audit::run(options).await,
            Command::Usage(options) => usage::run(options).await,
            Command::Status(options) => status::run(options).await,
        }
    })
}

/// How a client's tokens are signed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Algorithm {
    /// What every library verifies.
    #[value(name = "RS256")]
    Rs256,
    /// Ed25519: faster to sign.
    #[value(name = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Rs256 => jose::Algorithm::Rs256.as_str(),
            Self::EdDsa => jose::Algorithm::EdDsa.as_str(),
        }
    }
}
