//! The command line.

use crate::failure::Failure;
use crate::{commands, config, dev, serve};
use clap::{Parser, Subcommand};

/// The front door of a commerce platform: tokens for apps, a gateway that checks them.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a whole platform on this machine.
    Dev(dev::Options),
    /// Run a node of a platform, as its configuration says.
    Serve(serve::Options),
    /// Print an access token.
    Token(commands::token::Options),
    /// Call the API with a token of this app's, or with --user in the name of who has signed in.
    Call(commands::call::Options),
    /// Sign in with a browser, and keep it for `einlass call --user`.
    Login(commands::login::Options),
    /// End a sign-in, at the platform and here.
    Logout(commands::logout::Options),
    /// Ask a merchant's ERP to let an app in, and print its key.
    Register(commands::register::Options),
    /// Look into what the gateway judges calls by.
    #[command(subcommand)]
    Policy(commands::policy::Command),
    #[command(flatten)]
    Admin(commands::admin::Command),
    /// Look into the configuration of a platform.
    #[command(subcommand)]
    Config(config::command::Command),
    /// Copy what a platform keeps.
    #[command(subcommand)]
    Store(commands::store::Command),
}

impl Cli {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Dev(options) => dev::run(options),
            Command::Serve(options) => serve::run(&options),
            Command::Token(options) => commands::token::run(&options),
            Command::Call(options) => commands::call::run(options),
            Command::Login(options) => commands::login::run(options),
            Command::Logout(options) => commands::logout::run(&options),
            Command::Register(options) => commands::register::run(&options),
            Command::Policy(command) => commands::policy::run(command),
            Command::Admin(command) => commands::admin::run(command),
            Command::Config(command) => config::command::run(command),
            Command::Store(command) => commands::store::run(command),
        }
    }
}
