//! The keys of one issuer, complete in memory: no token waits for the store.

use super::{MasterKey, SigningKey};
use crate::random::Random;
use aws_lc_rs::digest;
use bytes::Bytes;
use einlass_protocol::jose::{Algorithm, Jwk, KeySet, base64url};
use einlass_protocol::time::UnixTime;
use einlass_store::{SealedKey, Store, StoreError};
use serde::Serialize;
use std::sync::Arc;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library refused to make or seal a key.
    #[error("a signing key could not be made")]
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

/// The keys of one issuer. The first of each algorithm signs.
pub struct KeyRing {
    keys: Vec<Arc<SigningKey>>,
    key_set: KeySet,
    document: Bytes,
    etag: String,
}

impl KeyRing {
    /// Loads an issuer's keys, and makes the first of each algorithm if there is none. Two nodes that start
    /// together end with the same keys: the store lets one of them win.
    pub async fn open(
        store: &Store,
        master: &MasterKey,
        issuer: &str,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Self, KeyError> {
        let present = store.signing_keys(issuer).await?;
        for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
            if !present.iter().any(|key| key.algorithm == algorithm) {
                claim_first_key(store, master, issuer, algorithm, now, random).await?;
            }
        }
        let sealed = store.signing_keys(issuer).await?;
        let keys = sealed.iter().map(|key| unseal(master, key)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::of(keys))
    }

    fn of(keys: Vec<Arc<SigningKey>>) -> Self {
        #[derive(Serialize)]
        struct Document<'a> {
            keys: Vec<&'a Jwk>,
        }
        let mut jwks: Vec<&Jwk> = keys.iter().map(|key| key.jwk()).collect();
        // RS256 first: a client that takes the first key of the set finds the default one.
        jwks.sort_by_key(|jwk| jwk.alg.as_deref() != Some(Algorithm::Rs256.as_str()));
        let key_set = KeySet::from_jwks(jwks.iter().map(|jwk| (*jwk).clone()));
        let document = serde_json::to_vec(&Document { keys: jwks }).unwrap_or_default();
        let digest = digest::digest(&digest::SHA256, &document);
        let etag = format!("\"{}\"", &base64url(digest.as_ref())[..22]);
        Self { keys, key_set, document: document.into(), etag }
    }

    /// The key that signs with this algorithm now.
    #[must_use]
    pub fn signing(&self, algorithm: Algorithm) -> Option<Arc<SigningKey>> {
        self.keys.iter().find(|key| key.algorithm() == algorithm).cloned()
    }

    /// The public keys, to check tokens with.
    #[must_use]
    pub fn key_set(&self) -> &KeySet {
        &self.key_set
    }

    /// The public key set (RFC 7517 §5).
    #[must_use]
    pub fn document(&self) -> Bytes {
        self.document.clone()
    }

    /// The key set's entity tag, quotes included (RFC 9110 §8.8.3).
    #[must_use]
    pub fn etag(&self) -> &str {
        &self.etag
    }
}

async fn claim_first_key(
    store: &Store,
    master: &MasterKey,
    issuer: &str,
    algorithm: Algorithm,
    now: UnixTime,
    random: &dyn Random,
) -> Result<(), KeyError> {
    let key = SigningKey::generate(algorithm).map_err(|_| KeyError::Generation)?;
    let pkcs8 = key.to_pkcs8().map_err(|_| KeyError::Generation)?;
    let sealed_private = master.seal(key.kid(), pkcs8.as_ref(), random).map_err(|_| KeyError::Generation)?;
    let sealed = SealedKey {
        kid: key.kid().into(),
        algorithm,
        generation: 1,
        sealed_private,
        created_at: now,
        signs_from: now,
        distrusted_at: None,
    };
    if store.claim_signing_key(issuer, &sealed).await? {
        tracing::info!(target: "einlass::keys", kid = key.kid(), %algorithm, "signing key made");
    }
    Ok(())
}

fn unseal(master: &MasterKey, sealed: &SealedKey) -> Result<Arc<SigningKey>, KeyError> {
    let damaged = |_| KeyError::Sealed { kid: sealed.kid.clone() };
    let pkcs8 = master.open(&sealed.kid, &sealed.sealed_private).map_err(damaged)?;
    let key = SigningKey::from_pkcs8(sealed.algorithm, &pkcs8).map_err(damaged)?;
    Ok(Arc::new(key))
}
