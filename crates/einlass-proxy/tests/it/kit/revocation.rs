//! Deny lists against the tests' tokens.

use super::{APP, CLIENT, StillClock, TENANT, claims};
use einlass_protocol::revocation::{DenyList, Revocation, Subject};
use einlass_protocol::time::UnixTime;
use serde_json::json;

/// Revoked in the second in which the tests' tokens are issued.
pub(crate) fn denying(subject: Subject) -> DenyList {
    let at = UnixTime::from_seconds(StillClock::START);
    [Revocation::at(subject, at, UnixTime::from_seconds(StillClock::START + 3600))].into_iter().collect()
}

/// Everything that a good machine token can be revoked by.
pub(crate) fn revocable() -> [Subject; 6] {
    let of_token = claims(&json!({}));
    let id = |name: &str| of_token[name].as_str().unwrap().to_owned();
    [
        Subject::Token(id("jti").parse().unwrap()),
        Subject::Credential(id("credential_id").parse().unwrap()),
        Subject::Client(CLIENT.parse().unwrap()),
        Subject::App(APP.parse().unwrap()),
        Subject::Installation(APP.parse().unwrap(), TENANT.parse().unwrap()),
        Subject::Tenant(TENANT.parse().unwrap()),
    ]
}
