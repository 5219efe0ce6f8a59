//! What people grant to apps: recorded with a code, traded for tokens, renewed, ended.
//!
//! A refresh token's successor is derived from it, so that a lost answer can be given again for a little while, and many who
//! refresh at once get the same one. A code or a refresh token that comes again after that ends the grant.

use super::OAuthError;
use super::client::Client;
use crate::Platform;
use crate::audit::Actor;
use crate::keys::MasterKey;
use crate::people::{Browser, SignedIn, acting};
use einlass_protocol::ids::{ClientId, GrantId, PersonId};
use einlass_protocol::oauth::{CodeChallenge, CodeVerifier, Generation};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, Change, Granted, NewGrantCode, Redeemed, Refreshed, SeenGrant, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// How long a refresh token counts without use.
const IDLE: Duration = Duration::from_hours(30 * 24);
/// How long a grant goes on at most, however often it is renewed: then its person is asked again (RFC 9700 §4.14.2 has refresh
/// tokens expire, and leaves it to the server when).
const LONGEST: Duration = Duration::from_hours(180 * 24);
/// How long the same answer is given to who asks again.
const GRACE: Duration = Duration::from_secs(30);
/// How long a code waits to be traded (RFC 6749 §4.1.2 allows ten minutes).
const CODE_LIFETIME: Duration = Duration::from_mins(1);
/// What the audit says when something came a second time.
const REPLAYED: &str = "end replayed grant";
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
    /// Of which issuer.
    pub(crate) issuer: Generation,
    pub(crate) scope: ScopeSet,
    /// Whether it wants to know who that is.
    pub(crate) openid: bool,
    /// Whether it wants to go on when the person is away.
    pub(crate) offline: bool,
    /// What its ID token is to repeat.
    pub(crate) nonce: Option<String>,
}

impl Wanted {
    fn in_words(&self, grant: GrantId, client: &ClientId, redirect_uri: &str) -> String {
        let how_long = if self.offline { "offline" } else { "online" };
        format!("client {client}, grant {grant}, {how_long}, {redirect_uri}: {}", self.scope)
    }
}

/// The scopes of the API in a scope.
pub(crate) fn of_the_api(scope: &ScopeSet) -> ScopeSet {
    scope.iter().filter(|scope| !OF_OPENID.contains(&scope.as_str())).cloned().collect()
}

/// Whether a scope has this word.
pub(crate) fn has(scope: &ScopeSet, word: &str) -> bool {
    scope.iter().any(|scope| scope.as_str() == word)
}

/// A client that brings what a person gave it.
pub(super) struct Bearer {
    pub(super) client: Client,
    pub(super) issuer: Generation,
    pub(super) actor: Actor,
}

impl Bearer {
    fn key(&self) -> (&ClientId, Generation) {
        (self.client.id(), self.issuer)
    }

    fn refused(&self) -> OAuthError {
        OAuthError::GrantRefused(self.client.id().clone())
    }

    /// What the audit will say when the grant ends by what the client does: at the person, who did not do it.
    fn event(
        &self,
        platform: &Platform,
        action: &str,
        SeenGrant { id, person, .. }: &SeenGrant,
    ) -> AuditEvent {
        let client = format!("client {}", self.client.id());
        let detail = format!("{client}, grant {id}");
        platform.event(&self.actor.clone().named(client), action, &person.to_string(), &detail)
    }

    async fn by_token(&self, platform: &Platform, token: &SecretHash) -> Result<SeenGrant, OAuthError> {
        self.client.vouched_for(platform, token, platform.store.grant_of_token(token, self.key())).await
    }

    /// The same for who gives it back. RFC 7009 §2.1: whoever brings another client's is told so.
    async fn given_back(&self, platform: &Platform, token: &SecretHash) -> Result<SeenGrant, OAuthError> {
        let (store, mut is_anothers) = (&platform.store, false);
        let look_up = async {
            let seen = store.grant_of_token(token, self.key()).await?;
            is_anothers = seen.is_none() && store.is_refresh_token(token, self.issuer).await?;
            Ok(seen)
        };
        match self.client.vouched_for(platform, token, look_up).await {
            Err(OAuthError::GrantRefused(client)) if is_anothers => Err(OAuthError::ForeignToken(client)),
            found => found,
        }
    }
}

/// A code on its way to become tokens.
pub(super) struct Redeeming {
    pub(super) by: Bearer,
    pub(super) code: Secret,
    pub(super) redirect_uri: String,
    pub(super) verifier: CodeVerifier,
}

impl Redeeming {
    /// Trades it for what was granted, and a refresh token where that was asked for.
    pub(super) async fn redeem(
        self,
        platform: &Arc<Platform>,
        at: UnixTime,
    ) -> Result<(Granted, Option<Secret>), OAuthError> {
        if SecretKind::recognise(self.code.expose()) != Some(SecretKind::AuthorizationCode) {
            return Err(self.by.refused());
        }
        // Where the store is at home, and to its end: whoever goes away has used the code all the same.
        let (home, platform) = (platform.home.clone(), Arc::clone(platform));
        home.spawn(async move { self.redeemed(&platform, at).await })
            .await
            .map_err(|_| OAuthError::LookUpBroke)?
    }

    async fn redeemed(
        self,
        platform: &Platform,
        at: UnixTime,
    ) -> Result<(Granted, Option<Secret>), OAuthError> {
        let Self { by, code, redirect_uri, verifier } = self;
        let (hash, store) = (SecretHash::of(&code), &platform.store);
        let looked_up = store.grant_of_code(&hash, by.key());
        let seen = by.client.vouched_for(platform, &hash, looked_up).await?;
        let first = platform.successors.after(&code)?;
        let first_hash = SecretHash::of(&first);
        let event = by.event(platform, REPLAYED, &seen);
        let (client, issuer) = by.key();
        let (proof, kept) = ((&*redirect_uri, &verifier), (&first_hash, at.plus(IDLE)));
        let until = platform.end_of_denial(at);
        match store.redeem_code((&hash, client, issuer), proof, kept, until, &event).await? {
            Redeemed::Granted(granted) => {
                by.client.will_bring(platform, first_hash);
                let first = granted.offline.then_some(first);
                Ok((granted, first))
            }
            Redeemed::Refused => Err(by.refused()),
            Redeemed::Replayed(changes) => Err(platform.replayed(&changes, &event, client).await?),
        }
    }
}

/// A refresh token on its way to its successor.
pub(super) struct Refreshing {
    pub(super) by: Bearer,
    pub(super) token: Secret,
    /// The scopes of the API that are asked for, if any are.
    pub(super) wanted: Option<ScopeSet>,
}

impl Refreshing {
    /// Trades it for what was granted and its successor.
    pub(super) async fn refresh(
        self,
        platform: &Arc<Platform>,
        at: UnixTime,
    ) -> Result<(Granted, Secret), OAuthError> {
        if SecretKind::recognise(self.token.expose()) != Some(SecretKind::UserRefreshToken) {
            return Err(self.by.refused());
        }
        let (home, platform) = (platform.home.clone(), Arc::clone(platform));
        home.spawn(async move { self.refreshed(&platform, at).await })
            .await
            .map_err(|_| OAuthError::LookUpBroke)?
    }

    async fn refreshed(self, platform: &Platform, at: UnixTime) -> Result<(Granted, Secret), OAuthError> {
        let Self { by, token, wanted } = self;
        let hash = SecretHash::of(&token);
        let seen = by.by_token(platform, &hash).await?;
        // RFC 6749 §6: never more than was granted. The token is not used up for a wish that cannot be.
        let beyond = wanted.map(|wanted| wanted.difference(&seen.scope)).unwrap_or_default();
        if !beyond.is_empty() {
            return Err(OAuthError::ScopeNotAllowed { client: by.client.id().clone(), beyond });
        }
        let successor = platform.successors.after(&token)?;
        let next = SecretHash::of(&successor);
        let event = by.event(platform, REPLAYED, &seen);
        let (client, issuer) = by.key();
        let to = (&next, at.plus(IDLE).min(seen.granted_at.plus(LONGEST)));
        let until = platform.end_of_denial(at);
        match platform.store.refresh((&hash, client, issuer), to, GRACE, until, &event).await? {
            Refreshed::Granted(granted) => {
                by.client.will_bring(platform, next);
                Ok((granted, successor))
            }
            Refreshed::Refused => Err(by.refused()),
            Refreshed::Replayed(changes) => Err(platform.replayed(&changes, &event, client).await?),
        }
    }
}

/// A client gives a refresh token back: what it renews ends with it (RFC 7009 §2.1).
pub(super) async fn give_back(platform: &Arc<Platform>, by: Bearer, token: Secret) -> Result<(), OAuthError> {
    let (home, platform) = (platform.home.clone(), Arc::clone(platform));
    let ending = async move {
        let seen = match by.given_back(&platform, &SecretHash::of(&token)).await {
            Ok(seen) => seen,
            // RFC 7009 §2.2: what is unknown is as good as revoked.
            Err(OAuthError::GrantRefused(_)) => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let event = by.event(&platform, "give back grant", &seen);
        let until = platform.end_of_denial(event.at);
        let changes = platform.store.end_grant(seen.id, Some(seen.person), until, &event).await?;
        Ok(platform.apply_all(&changes).await?)
    };
    home.spawn(ending).await.map_err(|_| OAuthError::LookUpBroke)?
}

impl Platform {
    /// A person says yes. Gives the code for the client; `None` when the session has just ended.
    pub(crate) async fn grant(
        &self,
        SignedIn { person, session }: &SignedIn,
        (client, redirect_uri): (&ClientId, &str),
        challenge: CodeChallenge,
        wanted: Wanted,
        browser: &Browser,
    ) -> Result<Option<Secret>, StoreError> {
        let Some(held) = browser.holds else { return Ok(None) };
        let code = self.random.secret(SecretKind::AuthorizationCode);
        let grant = GrantId::new(self.ordered_id(self.clock.wall()));
        let detail = wanted.in_words(grant, client, redirect_uri);
        let event = self.event(&acting(person, browser), "grant", &person.id.to_string(), &detail);
        let Wanted { issuer, scope, openid, offline, nonce } = wanted;
        let new = NewGrantCode {
            hash: SecretHash::of(&code),
            grant,
            client: client.clone(),
            issuer,
            person: person.id,
            session: held,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            nonce,
            scope,
            offline,
            openid,
            proved_at: session.proved_at,
            expires_at: event.at.plus(CODE_LIFETIME),
        };
        match self.store.grant(&new, self.end_of_denial(event.at), &event).await {
            Ok(changes) => self.apply_all(&changes).await.map(|()| Some(code)),
            Err(StoreError::MissingReference) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A grant of this person's ends. When this returns, no gateway lets in what came of it. Gives what the audit says.
    pub(crate) async fn end_grant(
        &self,
        grant: GrantId,
        person: PersonId,
        actor: &Actor,
    ) -> Result<AuditEvent, StoreError> {
        let event = self.event(actor, "end grant", &person.to_string(), &grant.to_string());
        let until = self.end_of_denial(event.at);
        let changes = self.store.end_grant(grant, Some(person), until, &event).await?;
        self.apply_all(&changes).await?;
        Ok(event)
    }

    /// Passes on that a grant has ended because something of it came a second time.
    async fn replayed(
        &self,
        changes: &[Change],
        AuditEvent { detail, .. }: &AuditEvent,
        client: &ClientId,
    ) -> Result<OAuthError, StoreError> {
        self.apply_all(changes).await?;
        tracing::warn!(target: "einlass::token", detail, "a code or refresh token came a second time; its grant has ended");
        Ok(OAuthError::GrantReplayed(client.clone()))
    }
}
