//! The log line of a request. Never a token, never the query.

use super::Shared;
use super::address::Address;
use super::counters::Counters;
use super::mode::Mode;
use super::onpremise::KnownKey;
use super::refusal::Refusal;
use super::request_id::RequestId;
use super::usage::{Book, Calling};
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::policy::{self, Alternative, Operation};
use einlass_protocol::refused::RefusedCall;
use einlass_protocol::scx::{Language, Party, Rate, ScxClaims};
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::{UsageCaller, UsageCounts, UsedCredential};
use http::{Method, Request, StatusCode, Uri};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// What becomes known of a request while it is judged.
pub(super) struct Record<'g> {
    pub(super) id: RequestId,
    pub(super) operation: Option<&'g Operation>,
    pub(super) tenant: Option<TenantId>,
    /// Why the call would have been refused if scopes were enforced.
    pub(super) forgiven: Option<Refusal>,
    /// How often the caller may come, where that is counted.
    pub(super) rate: Option<Rate>,
    /// What refusals are written in, where there is a choice.
    pub(super) language: Language,
    pub(super) address: IpAddr,
    /// Whose usage the call is, once that is known.
    calling: Option<Calling<'g>>,
    /// The gateway's prefix, since there may be several.
    gateway: &'g str,
    counters: &'g Counters,
    usage: &'g Book,
    method: Method,
    uri: Uri,
    claims: Option<Arc<AccessClaims>>,
    party: Option<Party>,
    key: Option<Arc<KnownKey>>,
    written: bool,
}

/// One event with the same fields, whatever its level.
macro_rules! line {
    ($level:ident, $record:expr, $status:expr, $took:expr, $($more:tt)*) => {
        tracing::$level!(
            target: "einlass::gateway",
            request_id = %$record.id,
            gateway = $record.gateway,
            method = method_of(&$record.method),
            template = $record.operation.map(|operation| operation.template.as_str()),
            operation = $record.operation.and_then(|operation| operation.operation_id.as_deref()),
            address = %Address($record.address),
            client = $record.claims.as_ref().map(|claims| display(&claims.client_id)),
            party = $record.party.as_ref().map(display),
            registration = $record.key.as_ref().map(|key| display(key.registration)),
            app = $record.app().map(display),
            tenant = $record.tenant.map(display),
            status = $status.map(|status: StatusCode| status.as_u16()),
            duration_s = $took.map(|took: Duration| took.as_secs_f64()),
            $($more)*
        )
    };
}

impl<'g> Record<'g> {
    pub(super) fn new<B, D>(
        id: RequestId,
        request: &Request<B>,
        peer: SocketAddr,
        shared: &'g Shared<D>,
        usage: &'g Book,
    ) -> Self {
        let (gateway, counters) = (&*shared.prefix, &*shared.counters);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        Self {
            id,
            operation: None,
            tenant: None,
            forgiven: None,
            rate: None,
            language: shared.door.language(request.headers()),
            calling: None,
            gateway,
            counters,
            usage,
            method,
            uri,
            address: peer.ip(),
            claims: None,
            party: None,
            key: None,
            written: false,
        }
    }

    pub(super) fn caller(&mut self, claims: &Arc<AccessClaims>, at: UnixTime) {
        let credential = UsedCredential::Secret(claims.credential_id);
        let caller = UsageCaller { app: Some(claims.app_id), credential };
        self.calling = Some(Calling { at, caller, tenant: None, by: None });
        self.claims = Some(Arc::clone(claims));
    }

    /// The same of a channel's or a seller's call.
    pub(super) fn party(&mut self, claims: &ScxClaims, at: UnixTime) {
        let caller = UsageCaller { app: None, credential: UsedCredential::Secret(claims.credential_id) };
        self.tenant = match claims.party {
            Party::Channel(_) => None,
            Party::Seller { tenant, .. } => Some(tenant),
        };
        self.calling = Some(Calling { at, caller, tenant: self.tenant, by: None });
        self.party = Some(claims.party.clone());
    }

    /// The same of a call with a key.
    pub(super) fn key(&mut self, key: &Arc<KnownKey>, at: UnixTime) {
        let caller = UsageCaller { app: None, credential: UsedCredential::Key(key.registration) };
        self.calling = Some(Calling { at, caller, tenant: None, by: None });
        self.key = Some(Arc::clone(key));
    }

    /// Takes note of what the policy says, and refuses what this mode does not forgive.
    pub(super) fn judge(
        &mut self,
        verdict: Result<&'g Alternative, policy::Refusal>,
        mode: Mode,
    ) -> Result<(), Refusal> {
        match verdict {
            Err(refusal) if mode.forgives(&refusal) => self.forgiven = Some(refusal.into()),
            verdict => self.let_in_by(verdict?),
        }
        Ok(())
    }

    /// The path as it came.
    pub(super) fn path(&self) -> &str {
        self.uri.path()
    }

    /// The tenant has the app.
    pub(super) fn installed_at(&mut self, tenant: TenantId) {
        if let Some(calling) = &mut self.calling {
            calling.tenant = Some(tenant);
        }
    }

    /// The caller has what this asks for.
    fn let_in_by(&mut self, alternative: &'g Alternative) {
        if let Some(calling) = &mut self.calling {
            calling.by = Some(alternative);
        }
    }

    pub(super) fn write(&mut self, status: StatusCode, refusal: Option<&Refusal>, took: Duration) {
        self.written = true;
        self.counters.answered(status, took);
        let is_served = refusal.is_none() && !status.is_server_error();
        self.count(if is_served { UsageCounts::SERVED } else { UsageCounts::FAILED });
        let (status, took) = (Some(status), Some(took));
        match (refusal, &self.forgiven) {
            (None, None) => line!(info, self, status, took, "served"),
            (None, Some(forgiven)) => {
                self.counters.reported();
                let (reason, cause) = (forgiven.code(), forgiven.cause());
                line!(warn, self, status, took, reason, cause, "served, and would have been refused");
            }
            (Some(refusal), _) => {
                self.counters.refused(refusal);
                let (reason, cause) = (refusal.code(), refusal.cause());
                // Where there is no template the path must say what was wanted.
                let path = self.operation.is_none().then(|| repeatable(self.uri.path()));
                line!(warn, self, status, took, path, reason, cause, "refused");
                if refusal.is_of_the_caller() {
                    self.tell_audit(reason);
                }
            }
        }
    }
}

/// An app's name, as wherever it runs calls it.
enum AppName<'a> {
    Cloud(AppId),
    OnPremise(&'a str),
}

impl fmt::Display for AppName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cloud(id) => id.fmt(f),
            Self::OnPremise(id) => id.fmt(f),
        }
    }
}

impl Record<'_> {
    fn app(&self) -> Option<AppName<'_>> {
        let cloud = self.claims.as_ref().map(|claims| AppName::Cloud(claims.app_id));
        cloud.or_else(|| self.key.as_ref().map(|key| AppName::OnPremise(&key.app_id)))
    }

    /// Has the audit told of a refusal, if its caller has proved who it is.
    fn tell_audit(&self, reason: &'static str) {
        let Some(Calling { at, caller, .. }) = self.calling else { return };
        let name = match (&self.claims, &self.party, &self.key) {
            (Some(claims), ..) => format!("client {}", claims.client_id),
            (None, Some(party), _) => party.to_string(),
            (None, None, Some(key)) => format!("registration {}", key.registration),
            (None, None, None) => return,
        };
        let template = self.operation.map_or("", |operation| &operation.template);
        let operation = format!("{} {template}", method_of(&self.method)).trim_end().to_owned();
        let call = RefusedCall { caller: name, app: caller.app, tenant: self.tenant, operation, reason };
        self.counters.refused_calls().note(call, at, self.address, self.id.into());
    }

    fn count(&self, counts: UsageCounts) {
        if let Some(calling) = &self.calling {
            self.usage.count(calling, counts);
        }
    }
}

/// A method as it may be written down: one that callers make up may be as long as a head.
fn method_of(method: &Method) -> &str {
    if method.as_str().len() <= 16 { method.as_str() } else { "(made up)" }
}

/// A path as it may be written down: not long, and nothing that looks like a credential.
fn repeatable(path: &str) -> String {
    let is_credential = ["ein_", "eyJ"].iter().any(|start| path.contains(start));
    if is_credential { "…".into() } else { path.escape_default().take(200).collect() }
}

impl Drop for Record<'_> {
    /// Who goes away early leaves a line too: the upstream may have done what it was asked.
    fn drop(&mut self) {
        if !self.written {
            self.counters.abandoned();
            self.count(UsageCounts::FAILED);
            line!(warn, self, None, None, reason = "CallerGone", "abandoned");
        }
    }
}
