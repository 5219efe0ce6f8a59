//! Why the gateway refused an app's calls lately: what the audit has of it.

use crate::Platform;
use einlass_protocol::ids::ClientId;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, AuditFilter, Outcome, StoreError};
use std::cmp::Reverse;

/// How many are shown.
const MOST: u32 = 10;

/// Calls that were refused, alike ones as one.
pub(crate) struct RefusedCall {
    /// When the first of them came.
    pub(crate) at: UnixTime,
    /// `GET /v2/items`.
    pub(crate) operation: String,
    /// Why, in the gateway's stable word.
    pub(crate) reason: String,
    /// For which tenant, or of which app where none was named.
    pub(crate) subject: String,
}

impl Platform {
    /// The last calls of these clients that were refused, the newest first.
    pub(crate) async fn refused_calls<'c>(
        &self,
        clients: impl Iterator<Item = &'c ClientId>,
    ) -> Result<Vec<RefusedCall>, StoreError> {
        let mut found = Vec::new();
        for client in clients {
            let (actor, outcome) = (Some(format!("client {client}")), Some(Outcome::Refused));
            let filter = AuditFilter { actor, outcome, ..AuditFilter::default() };
            found.extend(self.audit(&filter, MOST).await?);
        }
        found.sort_by_key(|event| Reverse(event.id));
        Ok(found.into_iter().filter_map(call).take(MOST as usize).collect())
    }
}

/// A client is refused other things too: a token that it wants, for example.
fn call(event: AuditEvent) -> Option<RefusedCall> {
    let operation = event.action.strip_prefix("call ")?.to_owned();
    let reason = event.detail.split(',').next().unwrap_or_default().to_owned();
    Some(RefusedCall { at: event.at, operation, reason, subject: event.subject })
}
