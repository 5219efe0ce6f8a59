//! Apps at merchants' tenants: what they say of themselves, how they come in and go, and who acts there. What people see of
//! it is in [`crate::pages`].

mod app_token;
mod describe;
mod install;
mod session_token;

pub(crate) use describe::DescribeFault;
pub(crate) use install::{AppAt, HubFault};

use einlass_store::AuditEvent;

/// Says in the log what was done, as the audit does.
fn done(event: &AuditEvent) {
    let AuditEvent { action, subject, detail, actor, .. } = event;
    tracing::info!(target: "einlass::hub", action, subject, detail, by = actor, "done");
}
