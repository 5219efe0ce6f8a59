//! What binds sessions of an ERP's users to the keys of on-premise apps: derived from the master key, so that every node has it
//! and no store does.

use super::{KeyError, MasterKey};
use zeroize::Zeroizing;

impl MasterKey {
    /// 256 bits that are for this alone.
    ///
    /// # Errors
    /// When the cryptographic library refuses.
    pub fn onpremise_sessions(&self) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.derive("on-premise session", &[]).map_err(|_| KeyError::Generation)
    }
}
