//! What partners do with their apps: register them from a manifest, give them secrets and end these, and have them published.
//! What people see of it is in [`crate::pages`].

mod create;
mod refused;
mod review;
mod secrets;

pub(crate) use create::{CreateFault, Created};
pub(crate) use refused::RefusedCall;
pub(crate) use review::{Lack, lacks};
pub(crate) use secrets::SecretFault;
