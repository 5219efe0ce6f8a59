//! Authenticate the client (RFC 6749 §3.2.1).

use super::ClientDirectory;
use crate::Platform;
use crate::identity::OAuthError;
use einlass_protocol::ids::{AppId, ClientId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::network::Network;
use einlass_protocol::oauth::BasicCredentials;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuthenticableClient, ClientKind, StoredSecret};
use std::sync::Arc;

/// A client that proved who it is, or that can prove nothing and is known for that.
#[derive(Clone)]
pub(in crate::identity) struct Client {
    known: Arc<AuthenticableClient>,
    /// The secret that proved it.
    proof: Option<CredentialId>,
    /// Where it asks from.
    network: Network,
}

impl Client {
    pub(in crate::identity) fn id(&self) -> &ClientId {
        &self.known.id
    }

    pub(in crate::identity) fn app(&self) -> AppId {
        self.known.app
    }

    /// The secret that proved it: none of a public client, whose codes and refresh tokens are all that it has.
    pub(in crate::identity) fn proof(&self) -> Result<CredentialId, OAuthError> {
        self.proof.ok_or_else(|| OAuthError::PublicClient(self.id().clone()))
    }

    /// Where it asks from, if it has proved nothing.
    pub(super) fn is_unproved_at(&self) -> Option<Network> {
        self.proof.is_none().then_some(self.network)
    }

    /// What its tokens may hold.
    pub(in crate::identity) fn scopes(&self) -> &ScopeSet {
        &self.known.scopes
    }

    /// How its tokens are signed.
    pub(in crate::identity) fn algorithm(&self) -> Algorithm {
        self.known.algorithm
    }
}

/// What a client says of itself, and from where.
pub(super) struct Claim {
    pub(super) credentials: BasicCredentials,
    pub(super) network: Network,
}

impl Claim {
    /// Finds the client and checks its secret.
    ///
    /// Letting in may rest on what is remembered; turning away never does, but for those who failed too often. So a
    /// new secret works at once, and an unknown client costs what a wrong secret costs: one hash, one look-up in the
    /// store, one comparison.
    pub(super) async fn prove(self, platform: &Arc<Platform>, now: UnixTime) -> Result<Client, OAuthError> {
        let Self { credentials: BasicCredentials { client_id: id, secret }, network } = self;
        let failures = &platform.failures;
        let recent = platform.clients.recent(&id);
        if recent.is_none()
            && let Some(retry_after) = failures.too_many(&id, network)
            && !failures.has_proved_something(&id, network)
        {
            return Err(OAuthError::TooManyFailures { client: id, retry_after });
        }
        let hash = SecretHash::of(&secret);
        if let Some(known) = recent
            && let Some(credential) = proven_by(&known.secrets, &hash, now)
        {
            failures.succeeded(&id, network, hash);
            return Ok(Client { known, proof: Some(credential), network });
        }
        let has_proved = failures.has_proved(&id, network, &hash);
        if !has_proved && let Some(retry_after) = failures.too_many(&id, network) {
            return Err(OAuthError::TooManyFailures { client: id, retry_after });
        }
        let (looking, platform) = (LookUp { id, network, hash, has_proved, now }, Arc::clone(platform));
        // Where the store is at home, and to its end: whoever goes away while it is looked up has failed all the same.
        let home = platform.home.clone();
        home.spawn(async move { looking.counted(&platform).await })
            .await
            .map_err(|_| OAuthError::LookUpBroke)?
    }
}

/// A client that gives its id alone. Whoever guesses ids is counted like whoever guesses secrets.
pub(super) struct Unproved {
    pub(super) id: ClientId,
    pub(super) network: Network,
}

impl Unproved {
    /// Finds the client, if it is one that can keep no secret.
    pub(super) async fn find(self, platform: &Arc<Platform>, now: UnixTime) -> Result<Client, OAuthError> {
        let Self { id, network } = self;
        if let Some(known) = platform.clients.recent(&id).filter(|it| it.kind == ClientKind::Public) {
            return Ok(Client { known, proof: None, network });
        }
        let failures = &platform.failures;
        if let Some(retry_after) = failures.too_many(&id, network)
            && !failures.has_proved_something(&id, network)
        {
            return Err(OAuthError::TooManyFailures { client: id, retry_after });
        }
        let (home, platform) = (platform.home.clone(), Arc::clone(platform));
        let looking = async move {
            let _place = platform.clients.place_for_a_stranger().await?;
            let seen = platform.clients.state();
            let known = platform.clients.current(&id, now).await?;
            let Some(known) = known.filter(|client| client.kind == ClientKind::Public) else {
                platform.failures.failed(&id, network, &SecretHash::of_nothing());
                return Err(OAuthError::NoAuthentication);
            };
            platform.clients.remember(&known, seen);
            Ok(Client { known, proof: None, network })
        };
        home.spawn(looking).await.map_err(|_| OAuthError::LookUpBroke)?
    }
}

/// A client that has to be looked up.
struct LookUp {
    id: ClientId,
    network: Network,
    hash: SecretHash,
    /// Whether this very secret opened before.
    has_proved: bool,
    now: UnixTime,
}

impl LookUp {
    async fn counted(self, platform: &Platform) -> Result<Client, OAuthError> {
        let outcome = self.outcome(&platform.clients).await;
        let Self { id, network, hash, .. } = self;
        match &outcome {
            Ok(_) => platform.failures.succeeded(&id, network, hash),
            Err(OAuthError::UnknownClient(_) | OAuthError::WrongSecret(_)) => {
                platform.failures.failed(&id, network, &hash);
            }
            Err(_) => {}
        }
        outcome
    }

    async fn outcome(&self, directory: &ClientDirectory) -> Result<Client, OAuthError> {
        // Who proved nothing yet waits for others of that kind, and nobody waits for them.
        let _place = if self.has_proved { None } else { Some(directory.place_for_a_stranger().await?) };
        let seen = directory.state();
        let current = directory.current(&self.id, self.now).await?;
        let secrets = current.as_ref().map_or(&[][..], |client| &client.secrets);
        match (proven_by(secrets, &self.hash, self.now), current) {
            (Some(credential), Some(known)) => {
                directory.remember(&known, seen);
                Ok(Client { known, proof: Some(credential), network: self.network })
            }
            (_, Some(_)) => Err(OAuthError::WrongSecret(self.id.clone())),
            (_, None) => Err(OAuthError::UnknownClient(self.id.clone())),
        }
    }
}

/// The secret whose hash this is. Every one is compared, so that the time does not tell which one matched,
/// and where there is none, nothing is.
fn proven_by(secrets: &[StoredSecret], hash: &SecretHash, now: UnixTime) -> Option<CredentialId> {
    if secrets.is_empty() {
        std::hint::black_box(SecretHash::of_nothing().matches(hash));
    }
    let works = |secret: &StoredSecret| secret.expires_at.is_none_or(|end| now < end);
    secrets.iter().fold(None, |proven, secret| {
        if secret.hash.matches(hash) && works(secret) { Some(secret.id) } else { proven }
    })
}
