//! Judges calls and forwards those that may pass. The order is fixed: path, token, operation, tenant,
//! installation, person, scopes. Nothing of a request's body is read before that.

mod address;
mod answer;
mod authenticate;
mod cors;
mod counters;
mod credential;
mod delivery;
mod directory;
mod door;
mod headers;
mod installation;
mod known;
mod marketplace;
mod memory;
mod mode;
mod onpremise;
mod origins;
mod record;
mod refusal;
mod refused;
mod remembered;
mod request_id;
mod revocations;
mod run_as;
mod standing;
mod strangers;
mod tenant;
mod usage;
mod words;

pub use authenticate::AccessTokens;
pub use counters::{Counters, Counts};
pub use credential::{ASSERTION_TYPE, Assertions, Credential, SecretHeader, Signer, SigningUnavailable};
pub use directory::{ApiKey, Directory, DirectoryUnavailable, Installation};
pub use door::{Apps, Door};
pub use installation::{CacheSettings, Installations, Invalidations};
pub use marketplace::{MARKETPLACE_PREFIX, Marketplace};
pub use mode::Mode;
pub use onpremise::{ApiKeys, KeyInvalidations, KeySettings, OnPremise, Sessions, onpremise_prefix};
pub use origins::{OriginInvalidations, OriginSettings, Origins};
pub use request_id::RequestIds;
pub use revocations::Revocations;

use crate::body::{Body, boxed};
use crate::forward::{Forwarder, Timeouts, Upgrade, Upstream, UpstreamTls};
use crate::listen::CallerScheme;
use cors::Page;
use delivery::Delivery;
use einlass_client::clock::Clock;
use einlass_protocol::ids::TenantId;
use einlass_protocol::policy::{Caller, CallerKind, CurrentPolicy, Match, Operation, Policy, RequestPath};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::scx::ScxClaims;
use headers::Identity;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use known::Known;
use onpremise::{KnownKey, Login};
use record::Record;
use refusal::Refusal;
use request_id::WorkersIds;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use usage::Book;

/// What all workers of a gateway share. None of it is written to while requests are served, but for the
/// caches.
pub struct Shared<D> {
    /// What comes before the upstream's paths: begins with `/`, does not end with one, compared exactly, but for
    /// on-premise apps. Empty for a gateway that has a host of its own.
    pub prefix: String,
    /// The operations of the upstream.
    pub policy: CurrentPolicy,
    /// Whether callers are held to the scopes that these need.
    pub mode: Mode,
    /// Where it is.
    pub upstream: Upstream,
    /// How it is recognised by TLS, and we by it.
    pub tls: UpstreamTls,
    /// What else it knows us by.
    pub credential: Credential,
    /// Whose calls it takes.
    pub door: Door<D>,
    /// Which of them were revoked.
    pub revocations: Revocations,
    /// How callers reach the gateway where the listener cannot tell, for `X-Forwarded-Proto`.
    pub scheme: Scheme,
    /// How long to wait for the upstream.
    pub timeouts: Timeouts,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where request ids come from.
    pub request_ids: RequestIds,
    /// What has been counted.
    pub counters: Arc<Counters>,
}

/// One worker's gateway: its own connections to the upstream, its own count of calls and its own request ids,
/// everything else shared.
pub struct Gateway<D> {
    shared: Arc<Shared<D>>,
    forwarder: Forwarder,
    usage: Book,
    ids: WorkersIds,
}

impl<D> Clone for Gateway<D> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            forwarder: self.forwarder.clone(),
            usage: self.usage.clone(),
            ids: self.ids.clone(),
        }
    }
}

/// A call that may pass.
struct Admission {
    path: RequestPath,
    caller: Admitted,
}

/// Whose call it is.
enum Admitted {
    App {
        known: Arc<Known>,
        tenant: TenantId,
        /// What token and installation both carry, where that is not all that the token carries.
        narrowed: Option<ScopeSet>,
    },
    Party(Arc<ScxClaims>),
    Key {
        key: Arc<KnownKey>,
        /// What the ERP calls the session that it is made in, if any.
        session: Option<HeaderValue>,
    },
}

/// The answer to a call where there is no gateway at all.
pub(crate) fn nothing_here(path: &str) -> Response<Body> {
    Refusal::UnknownOperation.answer(path)
}

impl<D> Gateway<D> {
    /// What comes before the upstream's paths.
    pub(crate) fn prefix(&self) -> &str {
        &self.shared.prefix
    }
}

impl<D: Directory> Gateway<D> {
    /// A gateway for the runtime that will serve it. Fails when the certificates cannot be used.
    pub fn new(shared: Arc<Shared<D>>) -> io::Result<Self> {
        let forwarder = Forwarder::new(&shared.upstream, shared.timeouts, &shared.tls)?;
        let usage = shared.counters.usage().book();
        let ids = shared.request_ids.of_worker();
        Ok(Self { shared, forwarder, usage, ids })
    }

    /// Answers a call that is no gateway's, where there is nobody else to.
    pub(crate) fn disown<B>(&self, request: &Request<B>, peer: SocketAddr) -> Response<Body> {
        let shared = &self.shared;
        let (started, id) = (shared.clock.monotonic(), self.ids.next());
        let record = Record::new(id, request, peer, shared, &self.usage);
        self.conclude(record, Err(Refusal::UnknownOperation), request.uri().path(), started)
    }

    /// Whether a path is this gateway's to answer: whole segments count, so that `/erp` is not `/erpx`.
    #[must_use]
    pub fn serves(&self, path: &str) -> bool {
        self.below_prefix(path).is_some_and(|below| self.shared.door.has(path, below))
    }

    /// Answers a call under the prefix.
    pub async fn handle(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        let shared = &self.shared;
        let (started, id) = (shared.clock.monotonic(), self.ids.next());
        // One policy from the beginning to the end, whatever is put in force meanwhile.
        let policy = shared.policy.load();
        let mut record = Record::new(id, &request, peer, shared, &self.usage);
        let uri = request.uri().clone();
        let path = self.below_prefix(uri.path()).unwrap_or(uri.path());
        let page = Page::behind(&shared.door, request.method(), request.headers()).await;
        let answer = match page.as_ref().filter(|page| page.is_asking) {
            Some(page) => page.answer(request.headers(), &policy, path),
            None => self.serve(&policy, request, peer, path, &mut record).await,
        };
        let mut response = self.conclude(record, answer, path, started);
        cors::finish(&shared.door, page.as_ref(), response.headers_mut());
        response
    }

    fn conclude(
        &self,
        mut record: Record<'_>,
        answer: Result<Response<Body>, Refusal>,
        path: &str,
        started: Duration,
    ) -> Response<Body> {
        let (id, took) = (record.id, self.shared.clock.monotonic().saturating_sub(started));
        let (mut response, reason) = match answer {
            Ok(response) => {
                (response.map(|body| boxed(Delivery::of(body, id, Arc::clone(&self.shared.counters)))), None)
            }
            Err(refusal) => (self.shared.door.refuse(&refusal, path, record.language), Some(refusal)),
        };
        response.headers_mut().insert(headers::REQUEST_ID, id.header());
        if let Door::Marketplace(marketplace) = &self.shared.door {
            marketplace.finish(&mut response, &record, self.shared.clock.monotonic());
        }
        record.write(response.status(), reason.as_ref(), took);
        response
    }

    fn below_prefix<'p>(&self, path: &'p str) -> Option<&'p str> {
        let Shared { prefix, door, .. } = &*self.shared;
        let (before, rest) = path.split_at_checked(prefix.len())?;
        let is_its = before == prefix || (door.ignores_case() && before.eq_ignore_ascii_case(prefix));
        (is_its && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
    }

    async fn serve<'g>(
        &'g self,
        policy: &'g Policy,
        request: Request<Incoming>,
        peer: SocketAddr,
        path: &str,
        record: &mut Record<'g>,
    ) -> Result<Response<Body>, Refusal> {
        let (mut parts, body) = request.into_parts();
        let admission = self.admit(policy, &parts, path, record).await?;
        let shared = &self.shared;
        let target = shared.upstream.target(admission.path.canonical(), parts.uri.query())?;
        let said = parts.extensions.get().map(|CallerScheme(scheme)| scheme);
        let scheme = &said.unwrap_or(&shared.scheme).clone();
        let identity = Identity { admission: &admission, id: record.id, peer: peer.ip(), scheme };
        let upgrade = Upgrade::wished(&mut parts, &body);
        identity.put_on(&mut parts)?;
        shared.credential.put_on(&mut parts.headers, &admission, &*shared.clock).await?;
        let login = Login::of(&shared.door, &parts, &admission);
        if login.is_some() {
            Login::put_on(&mut parts.headers);
        }
        let body = boxed(body.map_frame(headers::without_reserved_trailers));
        let request = Request::from_parts(parts, body);
        let sent = shared.clock.monotonic();
        let answer = match upgrade {
            None => self.forwarder.send(request, target).await?,
            Some(upgrade) => {
                let upgrade = upgrade.until(standing::lost(Arc::clone(shared), admission));
                self.forwarder.send_upgrading(request, target, upgrade).await?
            }
        };
        shared.counters.upstream_answered(shared.clock.monotonic().saturating_sub(sent));
        match login {
            None => Ok(answer),
            // Boxed, so that other calls need no room for it.
            Some(login) => Ok(Box::pin(login.bind(answer)).await?),
        }
    }

    async fn admit<'g>(
        &'g self,
        policy: &'g Policy,
        parts: &Parts,
        path: &str,
        record: &mut Record<'g>,
    ) -> Result<Admission, Refusal> {
        let shared = &self.shared;
        if path.is_empty() {
            // The prefix itself, which no document can name.
            return Err(Refusal::UnknownOperation);
        }
        let path = RequestPath::parse(path)?;
        let caller = match &shared.door {
            Door::Apps(apps) => self.admit_app(apps, policy, parts, &path, record).await?,
            Door::Marketplace(marketplace) => {
                Admitted::Party(marketplace::admit(shared, marketplace, policy, parts, &path, record).await?)
            }
            Door::OnPremise(onpremise) => {
                onpremise::admit(shared, onpremise, policy, parts, &path, record).await?
            }
        };
        Ok(Admission { path, caller })
    }

    async fn admit_app<'g>(
        &'g self,
        Apps { tokens, installations, .. }: &Apps<D>,
        policy: &'g Policy,
        parts: &Parts,
        path: &RequestPath,
        record: &mut Record<'g>,
    ) -> Result<Admitted, Refusal> {
        let shared = &self.shared;
        let at = shared.clock.wall();
        let known = tokens.of(&parts.headers, at).await?;
        let claims = &known.claims;
        record.caller(claims, at);
        let now = shared.clock.monotonic();
        shared.revocations.check(claims, None, now)?;
        let operation = find(policy, parts, path)?;
        record.operation = Some(operation);
        let tenant = tenant::of(&parts.headers, known.tenant)?;
        record.tenant = Some(tenant);
        shared.revocations.check(claims, Some(tenant), now)?;
        let installation = installations.get(claims.app_id, tenant).await?;
        let granted = &installation.ok_or(Refusal::NotInstalled)?.granted;
        record.installed_at(tenant);
        let kind = if claims.is_user_bound() { CallerKind::Person } else { CallerKind::Machine };
        if kind == CallerKind::Person && !installations.is_member(&claims.subject, tenant).await? {
            return Err(Refusal::NotAMember);
        }
        let scopes = known.scopes(granted);
        let caller = Caller { kind, token: scopes, granted };
        record.judge(run_as::judge(&parts.headers, caller, policy.decide(operation, caller)), shared.mode)?;
        onpremise::no_session(&parts.headers)?;
        let is_whole = known.tenant.is_none() && scopes.is_subset(granted);
        let narrowed = (!is_whole).then(|| scopes.intersection(granted));
        Ok(Admitted::App { known, tenant, narrowed })
    }
}

/// Which operation a call means.
fn find<'g>(policy: &'g Policy, parts: &Parts, path: &RequestPath) -> Result<&'g Operation, Refusal> {
    match policy.find(parts.method.as_str(), path) {
        Match::Operation(operation) => Ok(operation),
        Match::MethodNotAllowed { allowed } => Err(Refusal::MethodNotAllowed(allowed)),
        Match::Unknown => Err(Refusal::UnknownOperation),
    }
}
