//! The commands that are a client's: they know the platform by its URLs alone.

pub(crate) mod admin;
pub(crate) mod call;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod policy;
pub(crate) mod register;
mod session_token;
mod sign_in_file;
pub(crate) mod store;
pub(crate) mod token;

use crate::failure::Failure;
use einlass_client::environment::{Environment, ScxEnvironment};
use einlass_protocol::time::UnixTime;
use jiff::Timestamp;

/// The environment of this process.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where the platform is and who we are to it.
fn environment() -> Result<Environment, Failure> {
    Ok(Environment::read(variable)?)
}

/// In whose name something is asked of a marketplace.
#[derive(Clone, Copy, clap::ValueEnum)]
enum ScxParty {
    /// The channel: `SCX_REFRESH_TOKEN`.
    Channel,
    /// The seller: `SCX_SELLER_REFRESH_TOKEN`.
    Seller,
}

impl ScxParty {
    /// Where the marketplace is and who we are to it.
    fn environment(self) -> Result<ScxEnvironment, Failure> {
        Ok(match self {
            Self::Channel => ScxEnvironment::channel(variable)?,
            Self::Seller => ScxEnvironment::seller(variable)?,
        })
    }
}

/// A time as RFC 3339 has it, to the second, in UTC; the nearest one that can be written.
fn rfc3339(time: UnixTime) -> String {
    let nearest = if time.seconds() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(time.seconds()).unwrap_or(nearest).to_string()
}

/// Runs a command that waits for the network.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
