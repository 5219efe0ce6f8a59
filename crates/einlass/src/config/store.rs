//! `[store]`: where the durable state is.

use einlass_protocol::secret::Secret;

/// Where the durable state is.
#[derive(Debug)]
pub(crate) struct Store {
    /// For [`einlass_store::Store::open`]. It may hold a password.
    pub(crate) url: Secret,
}
