//! The trusted keys of one issuer, complete in memory: no token waits for the store. A snapshot.

use super::{KeyError, MasterKey, SigningKey};
use aws_lc_rs::digest;
use bytes::Bytes;
use einlass_protocol::jose::{Algorithm, Jwk, KeySet, base64url};
use einlass_protocol::time::UnixTime;
use einlass_store::SealedKey;
use serde::Serialize;
use std::sync::Arc;

/// The trusted keys of one issuer: announced, signing and retired.
pub struct KeyRing {
    /// The newest first.
    keys: Vec<(Arc<SigningKey>, UnixTime)>,
    key_set: KeySet,
    document: Bytes,
    etag: String,
}

impl KeyRing {
    /// Opens the keys that the store holds, the newest first. What the ring before has open already stays open.
    pub(super) fn open(
        sealed: &[SealedKey],
        master: &MasterKey,
        before: Option<&Self>,
    ) -> Result<Self, KeyError> {
        let trusted = sealed.iter().filter(|key| key.distrusted_at.is_none());
        let opened = trusted.map(|key| {
            let known = before.and_then(|ring| ring.find(&key.kid));
            Ok((known.map_or_else(|| unseal(master, key), Ok)?, key.signs_from))
        });
        Ok(Self::of(opened.collect::<Result<_, KeyError>>()?))
    }

    fn of(keys: Vec<(Arc<SigningKey>, UnixTime)>) -> Self {
        #[derive(Serialize)]
        struct Document<'a> {
            keys: Vec<&'a Jwk>,
        }
        let mut jwks: Vec<&Jwk> = keys.iter().map(|(key, _)| key.jwk()).collect();
        // RS256 first: a client that takes the first key of the set finds the default one.
        jwks.sort_by_key(|jwk| jwk.alg.as_deref() != Some(Algorithm::Rs256.as_str()));
        let key_set = KeySet::from_jwks(jwks.iter().map(|jwk| (*jwk).clone()));
        let document = serde_json::to_vec(&Document { keys: jwks }).unwrap_or_default();
        let digest = digest::digest(&digest::SHA256, &document);
        let etag = format!("\"{}\"", &base64url(digest.as_ref())[..22]);
        Self { keys, key_set, document: document.into(), etag }
    }

    /// The key that signs with this algorithm at `now`: the newest whose time has come.
    #[must_use]
    pub fn signing(&self, algorithm: Algorithm, now: UnixTime) -> Option<Arc<SigningKey>> {
        let mut fitting = self.keys.iter().filter(|(key, _)| key.algorithm() == algorithm);
        // A clock that is behind the one that made the first key must not stop everything.
        let oldest = fitting.clone().next_back();
        fitting.find(|(_, signs_from)| *signs_from <= now).or(oldest).map(|(key, _)| Arc::clone(key))
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

    fn find(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.keys.iter().find(|(key, _)| key.kid() == kid).map(|(key, _)| Arc::clone(key))
    }
}

fn unseal(master: &MasterKey, sealed: &SealedKey) -> Result<Arc<SigningKey>, KeyError> {
    let damaged = |_| KeyError::Sealed { kid: sealed.kid.clone() };
    let pkcs8 = master.open(&sealed.kid, &sealed.sealed_private).map_err(damaged)?;
    let key = SigningKey::from_pkcs8(sealed.algorithm, &pkcs8).map_err(damaged)?;
    Ok(Arc::new(key))
}
