//! `[keys]`: what seals the signing keys, and how they follow each other.

use einlass_server::keys::{MasterKey, RotationSettings};

/// The signing keys.
#[derive(Debug)]
pub(crate) struct Keys {
    /// What they are sealed under.
    pub(crate) master_key: MasterKey,
    /// How they follow each other.
    pub(crate) rotation: RotationSettings,
}
