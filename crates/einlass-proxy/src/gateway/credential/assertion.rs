//! A short signed statement of who calls, so that an upstream need not trust its network.

use crate::gateway::memory::Memory;
use crate::gateway::onpremise::KnownKey;
use crate::gateway::{Admission, Admitted, Refusal};
use einlass_client::clock::Clock;
use einlass_protocol::ids::{AppId, ClientId, TenantId};
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::scx::Party;
use http::header::{HeaderName, HeaderValue};
use serde::Serialize;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The `typ` of an assertion (RFC 8725 §3.11): no access token, and no access token is one.
pub const ASSERTION_TYPE: &str = "einlass-assertion+jwt";

const HEADER: HeaderName = HeaderName::from_static("x-einlass-assertion");
const LIFETIME: Duration = Duration::from_mins(1);
/// Half of its life, so that the upstream always gets one that is good for the other half.
const REUSED_FOR: Duration = Duration::from_secs(30);
const MOST_REMEMBERED: u64 = 100_000;

/// There is no signature to be had now: a 503.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no signature to be had")]
pub struct SigningUnavailable;

/// Signs a JWT's claims, given as JSON, with the type [`ASSERTION_TYPE`].
pub type Signer = Arc<
    dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<String, SigningUnavailable>> + Send>> + Send + Sync,
>;

/// Makes assertions for one upstream.
pub struct Assertions {
    issuer: String,
    audience: String,
    signer: Signer,
    made: Memory<Caller, HeaderValue, SigningUnavailable>,
}

/// Everything that an assertion says of a caller.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Caller {
    tenant: Option<TenantId>,
    app: Option<AppId>,
    client: Option<ClientId>,
    /// Where an on-premise app runs, and what it is called.
    onpremise: Option<(DatabaseName, String)>,
    subject: String,
    scopes: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<TenantId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_name: Option<&'a str>,
    scope: &'a str,
    iat: i64,
    exp: i64,
}

impl Assertions {
    /// Assertions of `issuer`, the platform's public URL, for the upstream that is called `audience`.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>, signer: Signer) -> Self {
        let (issuer, audience) = (issuer.into(), audience.into());
        Self { issuer, audience, signer, made: Memory::new(MOST_REMEMBERED) }
    }

    pub(super) async fn field(
        &self,
        admission: &Admission,
        clock: &dyn Clock,
    ) -> Result<(HeaderName, HeaderValue), Refusal> {
        let caller = Caller::of(admission);
        let claims = self.claims(&caller, clock);
        let sign = async {
            let mut value =
                HeaderValue::from_str(&(self.signer)(claims).await?).map_err(|_| SigningUnavailable)?;
            value.set_sensitive(true);
            Ok::<_, SigningUnavailable>(value)
        };
        let value = self.made.recall(caller, clock.monotonic(), REUSED_FOR, sign).await?;
        Ok((HEADER, value))
    }

    fn claims(&self, caller: &Caller, clock: &dyn Clock) -> String {
        let now = clock.wall();
        let (database, app_name) =
            caller.onpremise.as_ref().map(|(database, app)| (database.as_str(), &**app)).unzip();
        let claims = Claims {
            iss: &self.issuer,
            aud: &self.audience,
            sub: &caller.subject,
            client_id: caller.client.as_ref(),
            app_id: caller.app,
            tenant_id: caller.tenant,
            database,
            app_name,
            scope: &caller.scopes,
            iat: now.seconds(),
            exp: now.plus(LIFETIME).seconds(),
        };
        serde_json::to_string(&claims).unwrap_or_default()
    }
}

impl Caller {
    fn of(admission: &Admission) -> Self {
        match &admission.caller {
            Admitted::App { known, tenant, narrowed } => {
                let claims = &known.claims;
                Self {
                    tenant: Some(*tenant),
                    app: Some(claims.app_id),
                    client: Some(claims.client_id.clone()),
                    onpremise: None,
                    subject: claims.subject.clone(),
                    scopes: narrowed.as_ref().unwrap_or(&claims.scope).to_string(),
                }
            }
            Admitted::Party(claims) => Self::party(&claims.party),
            Admitted::Key { key, .. } => Self::key(key),
        }
    }

    fn party(party: &Party) -> Self {
        let (subject, tenant) = match party {
            Party::Channel(name) => (name.to_string(), None),
            Party::Seller { account, tenant } => (account.to_string(), Some(*tenant)),
        };
        Self { tenant, app: None, client: None, onpremise: None, subject, scopes: party.scope().into() }
    }

    fn key(key: &KnownKey) -> Self {
        Self {
            tenant: None,
            app: None,
            client: None,
            onpremise: Some((key.database.clone(), key.app_id.clone())),
            subject: key.registration.to_string(),
            scopes: key.granted.to_string(),
        }
    }
}

impl fmt::Debug for Assertions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assertions").field("audience", &self.audience).finish_non_exhaustive()
    }
}
