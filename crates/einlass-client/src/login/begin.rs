//! From an issuer to the URL that a person opens.

use super::finish::{Begun, Request};
use super::redirect::Redirect;
use super::{LoginError, exchange};
use crate::clock::{Clock, SystemClock, SystemTimer, Timer};
use crate::issuer::{Issuer, Metadata};
use crate::random::{NoRandomness, OsRandom, Random};
use einlass_protocol::ids::ClientId;
use einlass_protocol::jose::base64url;
use einlass_protocol::oauth::CodeVerifier;
use einlass_protocol::scope::{Scope, ScopeSet};
use reqwest::Url;
use std::fmt;
use std::sync::Arc;

/// A sign-in through one client, which has no secret and `http://127.0.0.1/callback` among its redirect URIs.
#[derive(Clone)]
pub struct Login {
    issuer: Issuer,
    client_id: ClientId,
    scope: ScopeSet,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    random: Arc<dyn Random>,
}

impl Login {
    /// A sign-in that asks for this scope: `openid`, `offline_access` if it is to last, and what it is to open.
    #[must_use]
    pub fn new(issuer: Issuer, client_id: ClientId, scope: ScopeSet) -> Self {
        let clock = Arc::new(SystemClock::new());
        Self::with(issuer, client_id, scope, clock, Arc::new(SystemTimer), Arc::new(OsRandom))
    }

    /// A sign-in with clock, timer and randomness of the caller's.
    #[must_use]
    pub fn with(
        issuer: Issuer,
        client_id: ClientId,
        scope: ScopeSet,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self { issuer, client_id, scope, clock, timer, random }
    }

    /// Asks the issuer where its endpoints are, and listens at a free port of the loopback interface for the browser to
    /// come back to. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`LoginError::NoOpenId`] before anything is asked, [`LoginError::Discovery`] when the issuer does not say.
    pub async fn begin(self) -> Result<Begun, LoginError> {
        if !self.scope.iter().any(|scope: &Scope| scope.as_str() == "openid") {
            return Err(LoginError::NoOpenId);
        }
        let undiscovered = |cause| LoginError::Discovery { issuer: self.issuer.to_string(), cause };
        let metadata = Metadata::of(&self.issuer).await.map_err(undiscovered)?;
        let authorization = metadata.authorization().map_err(undiscovered)?;
        let places = exchange::Places {
            token: metadata.token().map_err(undiscovered)?,
            keys: metadata.keys().map_err(undiscovered)?,
            revocation: metadata.revocation().map_err(undiscovered)?,
        };
        let redirect = Redirect::listen().await.map_err(LoginError::Listen)?;
        let request = Request {
            state: self.draw()?,
            nonce: self.draw()?,
            verifier: CodeVerifier::from_entropy(&self.entropy()?),
            answers_name_issuer: metadata.answers_name_issuer,
        };
        let url = self.url(authorization.as_url().clone(), &request, redirect.uri());
        let Self { issuer, client_id, clock, timer, .. } = self;
        Ok(Begun { url, issuer, client_id, places, request, redirect, clock, timer })
    }

    /// RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1.
    fn url(&self, mut endpoint: Url, request: &Request, redirect_uri: &str) -> String {
        endpoint
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client_id.as_str())
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.scope.to_string())
            .append_pair("state", &request.state)
            .append_pair("nonce", &request.nonce)
            .append_pair("code_challenge", request.verifier.challenge().as_str())
            .append_pair("code_challenge_method", "S256");
        endpoint.into()
    }

    fn draw(&self) -> Result<String, NoRandomness> {
        Ok(base64url(&self.entropy()?))
    }

    fn entropy(&self) -> Result<[u8; 32], NoRandomness> {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes)?;
        Ok(bytes)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
