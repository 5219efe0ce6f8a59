//! What an administrator does with signing keys.

use super::{Busy, KeyError, KeyKeeper, KeyStatus};
use crate::Platform;
use crate::audit::Actor;
use crate::identity::Issuer;
use einlass_protocol::jose::Algorithm;
use einlass_store::{Change, Write};

impl Platform {
    /// Signs a JWT of this type with the platform's own RS256 key, for somebody other than its clients: the type must be
    /// one that nothing of ours accepts as a token (RFC 8725 §3.11).
    ///
    /// # Errors
    /// [`Busy`] when more is asked for than can be signed.
    pub async fn sign(&self, typ: &'static str, claims: String) -> Result<String, Busy> {
        let key = self.issuers.a.keys.ring().signing(Algorithm::Rs256, self.clock.wall()).ok_or(Busy)?;
        self.pool.sign(None, key, typ, claims).await
    }

    /// Every signing key, the newest of each algorithm first; those for marketplace channels come last.
    pub async fn signing_keys(&self) -> Result<Vec<KeyStatus>, KeyError> {
        let mut keys = Vec::new();
        for (_, issuer) in self.issuers.each() {
            keys.extend(issuer.keys.list(self.clock.wall()).await?);
        }
        if let Some(scx) = &self.scx {
            keys.extend(scx.keys.list(self.clock.wall()).await?);
        }
        Ok(keys)
    }

    /// Announces the next key of each algorithm now instead of when its time comes. Where one is announced already,
    /// that is the one, and nothing changes.
    pub async fn rotate_keys(&self, actor: &Actor) -> Result<(), KeyError> {
        tracing::info!(target: "einlass::keys", by = %actor, "rotating");
        for (_, Issuer { url, keys, .. }) in self.issuers.each() {
            keys.rotate(Write::from(&self.event(actor, "rotate keys", url, ""))).await?;
        }
        if let Some(scx) = &self.scx {
            scx.keys.rotate(Write::from(&self.event(actor, "rotate keys", &scx.issuer, ""))).await?;
        }
        Ok(self.apply(&Change::SigningKeys).await?)
    }

    /// Ends the trust in a key at once: it leaves the key set, nothing that it signed counts, and the next one signs.
    /// When this returns the gateway of this process knows; others hear of it within half a second, and verifiers
    /// that keep a key set when they read it again. Says whether this call did: `false` for an unknown key and for
    /// one that was distrusted already.
    pub async fn distrust_key(&self, kid: &str, actor: &Actor) -> Result<bool, KeyError> {
        let event = self.event(actor, "distrust key", kid, "");
        let mut was_trusted = false;
        for keys in self.every_keeper() {
            was_trusted |= keys.distrust(kid, Write::from(&event)).await?;
        }
        tracing::info!(target: "einlass::keys", kid, was_trusted, by = %actor, "distrusted");
        self.apply(&Change::SigningKeys).await?;
        Ok(was_trusted)
    }

    /// The keys of every issuer, and of marketplace channels.
    fn every_keeper(&self) -> impl Iterator<Item = &KeyKeeper> {
        let issuers = self.issuers.each().map(|(_, issuer)| &issuer.keys);
        issuers.chain(self.scx.as_ref().map(|scx| &scx.keys))
    }
}
