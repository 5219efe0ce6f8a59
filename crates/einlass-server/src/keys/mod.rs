//! Signing keys: made at the first start, sealed at rest, published, and used on a bounded pool.

mod pool;
mod ring;
mod seal;
mod signing_key;

pub use pool::{Busy, SigningPool};
pub use ring::{KeyError, KeyRing};
pub use seal::MasterKey;
pub use signing_key::SigningKey;
