//! On-premise registration: what an app says of itself, what becomes of that, and how it is told.

mod app_key;
mod challenge;
mod database;
mod manifest;

pub use app_key::{AppKey, InvalidAppKey};
pub use challenge::{ChallengeCode, InvalidChallengeCode};
pub use database::{DatabaseName, InvalidDatabaseName};
pub use manifest::{Manifest, ManifestFault, RegistrationType, Signed};

/// Where a registration stands, as polls are told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// The admin has not decided.
    Pending = 0,
    /// The admin said no.
    Rejected = 1,
    /// The admin said yes.
    Accepted = 2,
}
