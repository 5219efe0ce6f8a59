//! Signing keys: announced, used on a bounded pool, retired and forgotten; sealed at rest.

mod error;
mod keeper;
mod onpremise_sessions;
mod operations;
mod pool;
mod ring;
mod rotation;
mod seal;
mod session_keys;
mod signing_key;

pub use error::KeyError;
pub use keeper::{KeyKeeper, KeyStatus};
pub use pool::{Busy, SigningPool};
pub use ring::KeyRing;
pub use rotation::{Phase, RotationSettings};
pub use seal::{InvalidMasterKey, MasterKey};
pub(crate) use session_keys::SessionKeys;
pub use signing_key::SigningKey;
