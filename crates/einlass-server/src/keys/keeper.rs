//! The keys of one issuer: kept in step with the store, made when their time comes.

use super::rotation::{Next, Phase, RotationSettings, Succession};
use super::{KeyError, KeyRing, MasterKey, SigningKey};
use crate::random::Random;
use arc_swap::{ArcSwap, Guard};
use einlass_protocol::jose::{Algorithm, KeySet};
use einlass_protocol::time::UnixTime;
use einlass_store::{SealedKey, Store, StoreError, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

const ALGORITHMS: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::EdDsa];

/// The keys of one issuer.
pub struct KeyKeeper {
    issuer: String,
    store: Store,
    master: Arc<MasterKey>,
    random: Arc<dyn Random>,
    settings: RotationSettings,
    ring: ArcSwap<KeyRing>,
    /// Held while reading, so that an older ring never replaces a newer one.
    reading: Mutex<()>,
}

/// A key as an administrator sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyStatus {
    /// Which key it is.
    pub kid: String,
    /// Whose tokens it signs.
    pub issuer: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// Where it is in its life.
    pub phase: Phase,
    /// When it was made and published.
    pub announced_at: UnixTime,
    /// From when it signs.
    pub signs_from: UnixTime,
}

impl KeyKeeper {
    /// Loads an issuer's keys, and makes the first of each algorithm if there is none. Two nodes that start together
    /// end with the same keys: the store lets one of them win.
    pub async fn open(
        store: Store,
        master: Arc<MasterKey>,
        issuer: &str,
        settings: RotationSettings,
        random: Arc<dyn Random>,
        now: UnixTime,
    ) -> Result<Self, KeyError> {
        let ring = ArcSwap::from_pointee(KeyRing::open(&store.signing_keys(issuer).await?, &master, None)?);
        let issuer = issuer.to_owned();
        let keeper = Self { issuer, store, master, random, settings, ring, reading: Mutex::new(()) };
        for algorithm in ALGORITHMS {
            if keeper.ring().signing(algorithm, now).is_none() {
                keeper.make(algorithm, keeper.due(algorithm, now).await?, now).await?;
            }
        }
        keeper.read().await?;
        Ok(keeper)
    }

    /// The keys as they are now.
    #[must_use]
    pub fn ring(&self) -> Guard<Arc<KeyRing>> {
        self.ring.load()
    }

    /// Reads the keys again, and tells the gateway. A key of a node with another master key changes
    /// nothing here but the log.
    pub(crate) async fn refresh(&self, tell: impl FnOnce(KeySet)) -> Result<(), StoreError> {
        let _reading = self.reading.lock().await;
        match self.read().await {
            Ok(()) => {}
            Err(KeyError::Store(fault)) => return Err(fault),
            Err(fault) => tracing::error!(target: "einlass::keys", %fault, "the keys stay as they are"),
        }
        if let Ok(keys) = KeySet::parse(&self.ring().document()) {
            tell(keys);
        }
        Ok(())
    }

    /// Every key that the store holds, the newest of each algorithm first.
    pub(crate) async fn list(&self, now: UnixTime) -> Result<Vec<KeyStatus>, KeyError> {
        let keys = self.store.signing_keys(&self.issuer).await?;
        let status = |key: &SealedKey| KeyStatus {
            kid: key.kid.clone(),
            issuer: self.issuer.clone(),
            algorithm: key.algorithm,
            phase: Succession::of(&keys, key.algorithm).phase(key, now),
            announced_at: key.created_at,
            signs_from: key.signs_from,
        };
        Ok(keys.iter().map(status).collect())
    }

    /// Makes the keys that the schedule asks for and forgets those that nobody needs any more.
    pub(crate) async fn tend(&self, kept_for: Duration, now: UnixTime) -> Result<(), KeyError> {
        for algorithm in ALGORITHMS {
            self.make(algorithm, self.due(algorithm, now).await?, now).await?;
        }
        let keys = self.store.signing_keys(&self.issuer).await?;
        for algorithm in ALGORITHMS {
            for key in Succession::of(&keys, algorithm).gone(kept_for, now) {
                self.store.forget_signing_key(&key.kid, now).await?;
                tracing::info!(target: "einlass::keys", kid = key.kid, "signing key forgotten");
            }
        }
        Ok(())
    }

    /// Announces the next key of each algorithm now, unless one is announced: all of them or none.
    pub(crate) async fn rotate(&self, write: Write<'_>) -> Result<(), KeyError> {
        let keys = self.store.signing_keys(&self.issuer).await?;
        let mut made = Vec::new();
        for algorithm in ALGORITHMS {
            let next = Succession::of(&keys, algorithm).ahead_of_time(self.settings, write.at());
            made.extend(self.generate(algorithm, next, write.at()).await?);
        }
        if self.store.claim_signing_keys(&self.issuer, &made, write).await? {
            made.iter().for_each(log);
        }
        Ok(())
    }

    /// Ends the trust in a key, after seeing to it that another one signs. Says whether it did.
    pub(crate) async fn distrust(&self, kid: &str, write: Write<'_>) -> Result<bool, KeyError> {
        let now = write.at();
        let keys = self.store.signing_keys(&self.issuer).await?;
        let Some(key) = keys.iter().find(|key| key.kid == kid) else {
            return Ok(false);
        };
        let next = Succession::of(&keys, key.algorithm).in_place_of(key, now);
        let Some(successor) = self.generate(key.algorithm, next, now).await? else {
            return Ok(self.store.distrust_signing_key(kid, write).await?);
        };
        Ok(self.store.replace_signing_key(&self.issuer, &successor, kid, write).await?)
    }

    async fn due(&self, algorithm: Algorithm, now: UnixTime) -> Result<Option<Next>, KeyError> {
        let keys = self.store.signing_keys(&self.issuer).await?;
        Ok(Succession::of(&keys, algorithm).due(self.settings, now))
    }

    async fn read(&self) -> Result<(), KeyError> {
        let sealed = self.store.signing_keys(&self.issuer).await?;
        let ring = KeyRing::open(&sealed, &self.master, Some(&**self.ring.load()))?;
        self.ring.store(Arc::new(ring));
        Ok(())
    }

    /// Makes a key. Where another node makes the same one, the store decides whose it is.
    async fn make(&self, algorithm: Algorithm, next: Option<Next>, now: UnixTime) -> Result<(), KeyError> {
        let Some(key) = self.generate(algorithm, next, now).await? else {
            return Ok(());
        };
        if self.store.claim_signing_key(&self.issuer, &key).await? {
            log(&key);
        }
        Ok(())
    }

    /// Generates and seals a key, if there is one to be made.
    async fn generate(
        &self,
        algorithm: Algorithm,
        next: Option<Next>,
        now: UnixTime,
    ) -> Result<Option<SealedKey>, KeyError> {
        let Some(Next { generation, signs_from }) = next else {
            return Ok(None);
        };
        // An RSA key takes a good part of a second of a core.
        let generating = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm));
        let key = generating.await.ok().and_then(Result::ok).ok_or(KeyError::Generation)?;
        let pkcs8 = key.to_pkcs8().map_err(|_| KeyError::Generation)?;
        let sealed = self.master.seal(key.kid(), pkcs8.as_ref(), &*self.random);
        Ok(Some(SealedKey {
            kid: key.kid().into(),
            algorithm,
            generation,
            sealed_private: sealed.map_err(|_| KeyError::Generation)?,
            created_at: now,
            signs_from,
            distrusted_at: None,
        }))
    }
}

fn log(key: &SealedKey) {
    let SealedKey { kid, algorithm, signs_from, .. } = key;
    let signs_from = jiff::Timestamp::from_millisecond(signs_from.millis()).unwrap_or_default();
    tracing::info!(target: "einlass::keys", kid, %algorithm, %signs_from, "signing key made");
}
