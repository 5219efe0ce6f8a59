//! What people grant to apps: recorded with a code, traded for tokens, renewed, ended.
//!
//! A refresh token's successor is derived from it, so that a lost answer can be given again for a little while, and many who
//! refresh at once get the same one. A code or a refresh token that comes again after that ends the grant.

use super::OAuthError;
use crate::Platform;
use crate::audit::Actor;
use crate::keys::MasterKey;
use crate::people::SignedIn;
use einlass_protocol::ids::{ClientId, GrantId};
use einlass_protocol::oauth::{CodeChallenge, CodeVerifier};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{Change, Granted, NewGrantCode, Person, Redeemed, Refreshed, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// How long a refresh token counts without use.
const IDLE: Duration = Duration::from_hours(30 * 24);
/// How long the same answer is given to who asks again.
const GRACE: Duration = Duration::from_secs(30);
/// How long a code waits to be traded (RFC 6749 §4.1.2 allows ten minutes).
const CODE_LIFETIME: Duration = Duration::from_mins(1);
/// Words of a scope that are no scopes of an API (OpenID Connect Core §3.1.2.1, §11).
const OF_OPENID: [&str; 4] = ["openid", "offline_access", "profile", "email"];

/// Derives refresh tokens from what was before them.
pub(crate) struct Successors(Arc<MasterKey>);

impl Successors {
    pub(crate) fn new(master_key: Arc<MasterKey>) -> Self {
        Self(master_key)
    }

    fn after(&self, token: &Secret) -> Result<Secret, OAuthError> {
        let entropy = self.0.derive("refresh token", token.expose().as_bytes());
        let entropy = entropy.map_err(|_| OAuthError::NoSigningKey)?;
        Ok(Secret::from_entropy(SecretKind::UserRefreshToken, &entropy))
    }
}

/// What a client wants of a person.
pub(crate) struct Wanted {
    pub(crate) scope: ScopeSet,
    /// Whether it wants to know who that is.
    pub(crate) openid: bool,
    /// Whether it wants to go on when the person is away.
    pub(crate) offline: bool,
    /// What its ID token is to repeat.
    pub(crate) nonce: Option<String>,
}

/// The scopes of the API in a scope.
pub(crate) fn of_the_api(scope: &ScopeSet) -> ScopeSet {
    scope.iter().filter(|scope| !OF_OPENID.contains(&scope.as_str())).cloned().collect()
}

/// A code on its way to become tokens.
pub(super) struct Redeeming {
    pub(super) code: String,
    pub(super) redirect_uri: String,
    pub(super) verifier: CodeVerifier,
    pub(super) client: ClientId,
}

impl Redeeming {
    /// Trades it for what was granted, and a refresh token where that was asked for.
    pub(super) async fn redeem(
        self,
        platform: &Arc<Platform>,
        at: UnixTime,
    ) -> Result<(Granted, Option<Secret>), OAuthError> {
        let Self { code, redirect_uri, verifier, client } = self;
        if SecretKind::recognise(&code) != Some(SecretKind::AuthorizationCode) {
            return Err(OAuthError::GrantRefused(client));
        }
        // Where the store is at home, and to its end: whoever goes away has used the code all the same.
        let (home, platform) = (platform.home.clone(), Arc::clone(platform));
        let redeeming = async move {
            let code = Secret::new(code);
            let first = platform.successors.after(&code)?;
            let kept = (&SecretHash::of(&first), at.plus(IDLE));
            let proof = (&client, redirect_uri.as_str(), &verifier);
            let (code, until) = (SecretHash::of(&code), platform.end_of_denial(at));
            match platform.store.redeem_code(&code, proof, kept, until, at).await? {
                Redeemed::Granted(granted) => {
                    let first = granted.offline.then_some(first);
                    Ok((granted, first))
                }
                Redeemed::Refused => Err(OAuthError::GrantRefused(client)),
                Redeemed::Replayed(changes) => Err(platform.replayed(&changes, client).await?),
            }
        };
        home.spawn(redeeming).await.map_err(|_| OAuthError::LookUpBroke)?
    }
}

/// Trades a refresh token for its successor.
pub(super) async fn refresh(
    platform: &Arc<Platform>,
    client: &ClientId,
    token: Secret,
    at: UnixTime,
) -> Result<(Granted, Secret), OAuthError> {
    let client = client.clone();
    if SecretKind::recognise(token.expose()) != Some(SecretKind::UserRefreshToken) {
        return Err(OAuthError::GrantRefused(client));
    }
    let (home, platform) = (platform.home.clone(), Arc::clone(platform));
    let refreshing = async move {
        let successor = platform.successors.after(&token)?;
        let (token, next) = (SecretHash::of(&token), SecretHash::of(&successor));
        let (from, to, until) = ((&token, &client), (&next, at.plus(IDLE)), platform.end_of_denial(at));
        match platform.store.refresh(from, to, GRACE, until, at).await? {
            Refreshed::Granted(granted) => Ok((granted, successor)),
            Refreshed::Refused => Err(OAuthError::GrantRefused(client)),
            Refreshed::Replayed(changes) => Err(platform.replayed(&changes, client).await?),
        }
    };
    home.spawn(refreshing).await.map_err(|_| OAuthError::LookUpBroke)?
}

/// A client gives a refresh token back: what it renews ends with it (RFC 7009 §2.1). Another client's is as good as unknown.
pub(super) async fn give_back(
    platform: &Arc<Platform>,
    client: &ClientId,
    token: &str,
    at: UnixTime,
) -> Result<(), OAuthError> {
    let (token, until) = (SecretHash::of(&Secret::new(token.to_owned())), platform.end_of_denial(at));
    for change in platform.store.end_grant_of_token(&token, client, until, at).await? {
        platform.apply(&change).await?;
    }
    Ok(())
}

impl Platform {
    /// A person says yes. Gives the code for the client; `None` when the session has just ended.
    pub(crate) async fn grant(
        &self,
        SignedIn { person, session }: &SignedIn,
        (client, redirect_uri): (&ClientId, &str),
        challenge: CodeChallenge,
        Wanted { scope, openid, offline, nonce }: Wanted,
        actor: &Actor,
    ) -> Result<Option<Secret>, StoreError> {
        let code = self.random.secret(SecretKind::AuthorizationCode);
        let event = self.event(actor, "grant", &person.id.to_string(), &format!("client {client}: {scope}"));
        let new = NewGrantCode {
            hash: SecretHash::of(&code),
            grant: GrantId::new(self.ordered_id(event.at)),
            client: client.clone(),
            person: person.id,
            session: session.id,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            nonce,
            scope,
            offline,
            openid,
            proved_at: session.proved_at,
            expires_at: event.at.plus(CODE_LIFETIME),
        };
        match self.store.grant(&new, &event).await {
            Ok(()) => Ok(Some(code)),
            Err(StoreError::MissingReference) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The person ends it. When this returns, no gateway lets in what came of it.
    pub(crate) async fn end_grant(
        &self,
        grant: GrantId,
        person: &Person,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let event = self.event(actor, "end grant", &person.id.to_string(), &grant.to_string());
        let until = self.end_of_denial(event.at);
        for change in self.store.end_grant(grant, Some(person.id), until, &event).await? {
            self.apply(&change).await?;
        }
        Ok(())
    }

    /// Passes on that a grant has ended because something of it came a second time.
    async fn replayed(&self, changes: &[Change], client: ClientId) -> Result<OAuthError, StoreError> {
        for change in changes {
            self.apply(change).await?;
        }
        tracing::warn!(target: "einlass::token", %client, "a code or refresh token came a second time; its grant has ended");
        Ok(OAuthError::GrantReplayed(client))
    }
}
