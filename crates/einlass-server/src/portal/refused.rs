//! Why the gateway refused an app's calls lately: what the audit has of it.

use crate::Platform;
use einlass_protocol::ids::{AppId, ClientId};
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, AuditFilter, Outcome, StoreError};
use std::cmp::Reverse;

/// How many are shown.
const MOST: usize = 10;

/// How many of a client's last events are looked at. Refusals alone are not asked for: of a client without any, an engine
/// without statistics reads those of all clients.
const LOOKED_AT: u32 = 100;

/// Calls that were refused, alike ones as one.
pub(crate) struct RefusedCall {
    /// When the first of them came.
    pub(crate) at: UnixTime,
    /// `GET /v2/items`.
    pub(crate) operation: String,
    /// Why, in the gateway's stable word.
    pub(crate) reason: String,
    /// For which tenant; empty where none was named.
    pub(crate) tenant: String,
}

impl Platform {
    /// The last calls of an app that were refused, the newest first: those of its clients, and those of its pages, whose tokens
    /// name the app as their client.
    pub(crate) async fn refused_calls<'c>(
        &self,
        app: AppId,
        clients: impl Iterator<Item = &'c ClientId>,
    ) -> Result<Vec<RefusedCall>, StoreError> {
        let mut found = Vec::new();
        for client in clients.map(ToString::to_string).chain([app.to_string()]) {
            let filter = AuditFilter { actor: Some(format!("client {client}")), ..AuditFilter::default() };
            found.extend(self.audit(&filter, LOOKED_AT).await?);
        }
        found.retain(|event| event.outcome == Outcome::Refused);
        found.sort_by_key(|event| Reverse(event.id));
        Ok(found.into_iter().filter_map(|event| call(event, app)).take(MOST).collect())
    }
}

fn call(event: AuditEvent, app: AppId) -> Option<RefusedCall> {
    let operation = event.action.strip_prefix("call ")?.to_owned();
    let reason = event.detail.split(',').next().unwrap_or_default().to_owned();
    // Where no tenant was named the event is about the app itself.
    let tenant = Some(event.subject).filter(|subject| *subject != app.to_string());
    Some(RefusedCall { at: event.at, operation, reason, tenant: tenant.unwrap_or_default() })
}
