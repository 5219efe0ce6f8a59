//! The administration API, opened by an admin token: one file per resource, and `router` for what is where.
//!
//! Each change is one transaction with its audit event; what is known in memory follows before the answer leaves.

mod admin_tokens;
mod app_keys;
mod apps;
mod attempts;
mod audit;
mod authenticate;
mod channels;
mod clients;
mod error;
mod fields;
mod find;
mod first_operator;
mod grants;
mod input;
mod installations;
mod keys;
mod listing;
mod manifests;
mod members;
mod organisations;
mod people;
pub mod policy;
mod recovery;
mod refresh_tokens;
mod registrations;
mod revocations;
mod router;
mod secrets;
mod sites;
mod status;
mod tenants;
mod time;
mod usage;

pub use authenticate::{Admin, By};
pub use error::{AdminError, Unauthenticated};
pub use recovery::{NotRecovered, recover};
pub use router::{OPENAPI, router};

pub(crate) use admin_tokens::TokenFault;
pub(crate) use attempts::Attempts;
pub(crate) use clients::new_id as new_client_id;
pub(crate) use fields::{customer_number, machine_name, name_of_person, page_url};
pub(crate) use first_operator::{FirstFault, MOST_CLAIMS, MOST_WRONG_CODES};
pub(crate) use refresh_tokens::make as new_refresh_token;
pub(crate) use secrets::make as new_secret;

use einlass_store::AuditEvent;

/// Says in the log what the audit says.
fn done(event: &AuditEvent) {
    let AuditEvent { action, subject, detail, actor, .. } = event;
    tracing::info!(target: "einlass::admin", action, subject, detail, by = actor, "done");
}
