//! The servers through their router, without a socket. Modules mirror the URLs.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
mod audit;
mod cors;
mod discovery;
mod erp;
mod granting;
mod keys;
mod metrics;
mod nodes;
mod onprem;
mod pages;
mod revocation;
mod rotation;
mod scx;
mod second_issuer;
mod support;
mod token;
mod usage;
