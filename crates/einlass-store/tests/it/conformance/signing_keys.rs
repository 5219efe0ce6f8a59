//! Signing keys.

use super::NOW;
use einlass_protocol::jose::Algorithm;
use einlass_store::{SealedKey, Store};

pub(crate) fn key(kid: &str, algorithm: Algorithm, generation: i64) -> SealedKey {
    SealedKey { kid: kid.into(), algorithm, generation, sealed_private: "sealed".into(), created_at: NOW }
}

pub(crate) async fn keys_read_back_newest_first(store: &Store) {
    let keys =
        [key("r2", Algorithm::Rs256, 2), key("e1", Algorithm::EdDsa, 1), key("r1", Algorithm::Rs256, 1)];
    for key in keys.iter().rev() {
        assert!(store.claim_signing_key("a", key).await.unwrap());
    }
    assert!(!store.claim_signing_key("a", &key("late", Algorithm::Rs256, 2)).await.unwrap());
    assert!(store.claim_signing_key("b", &key("b1", Algorithm::Rs256, 1)).await.unwrap());
    assert_eq!(store.signing_keys("a").await.unwrap(), keys);
}
