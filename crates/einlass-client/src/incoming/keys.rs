//! Tokens judged by keys that are kept.

use crate::keyset::{KeySetCache, KeysUnavailable};
use einlass_protocol::jose::{KeySet, TokenRejected};
use std::sync::Arc;

/// Judges a token by the keys at hand, and once more by newer ones if none of them has signed it.
///
/// Waits for the platform only when there are no keys yet, or when none of them checks the token.
pub(crate) async fn judged<T>(
    keys: &KeySetCache,
    judge: impl Fn(&KeySet) -> Result<T, TokenRejected>,
) -> Result<Result<T, TokenRejected>, KeysUnavailable> {
    let seen = match keys.current() {
        Some(keys) => keys,
        None => keys.after_miss(None).await?,
    };
    match judge(&seen) {
        Err(TokenRejected::UnknownKey(kid)) => {
            let newer = keys.after_miss(Some(&seen)).await?;
            if Arc::ptr_eq(&newer, &seen) {
                return Ok(Err(TokenRejected::UnknownKey(kid)));
            }
            Ok(judge(&newer))
        }
        verdict => Ok(verdict),
    }
}
