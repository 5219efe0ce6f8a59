//! What can go wrong with signing keys.

use einlass_store::StoreError;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library refused to make, derive or seal a key.
    #[error("a key could not be made")]
    Generation,
    /// The stored key was sealed under another master key, or is damaged.
    #[error("the master key does not open signing key {kid}: it was sealed under another one")]
    Sealed {
        /// Which key.
        kid: String,
    },
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
