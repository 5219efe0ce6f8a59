//! What the tests share: a platform, an upstream, a gateway between them, and callers.

mod body;
mod caller;
mod clock;
mod directory;
mod gate;
mod pki;
mod revocation;
mod tokens;
mod upstream;

pub(crate) use body::{Counted, PIECE, Watch};
pub(crate) use caller::{Answer, Empty, call, h1, h2, raw, read, trusting};
pub(crate) use clock::StillClock;
pub(crate) use directory::{FakeDirectory, granted};
pub(crate) use gate::{Gate, Setup, compile};
pub(crate) use pki::Pki;
pub(crate) use revocation::{denying, revocable};
pub(crate) use tokens::{
    APP, CLIENT, ISSUER, Issuer, KEY, PERSON, REGISTRATION, SECOND_ISSUER, TENANT, claims,
};
pub(crate) use upstream::{Upstream, text};

use einlass_protocol::metrics::Page;
use std::time::Duration;

/// Waits for a condition, with a bound.
pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), patience).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// What counters write on a page.
pub(crate) fn printed(write: impl FnOnce(&mut Page)) -> String {
    let mut page = Page::default();
    write(&mut page);
    page.to_string()
}
