//! Signing keys: announced, used on a bounded pool, retired and forgotten; sealed at rest.

mod error;
mod keeper;
mod operations;
mod pool;
mod ring;
mod rotation;
mod seal;
mod signing_key;

pub use error::KeyError;
pub use keeper::{KeyKeeper, KeyStatus};
pub use pool::{Busy, SigningPool};
pub use ring::KeyRing;
pub use rotation::{Phase, RotationSettings};
pub use seal::{InvalidMasterKey, MasterKey};
pub use signing_key::SigningKey;
