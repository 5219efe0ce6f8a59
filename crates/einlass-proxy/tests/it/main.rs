//! The gateway from outside: real sockets, an upstream that records what it saw, tokens from an
//! independent signer.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod authentication;
mod authorisation;
mod bodies;
mod cors;
mod crowds;
mod figures;
mod headers;
mod installations;
mod kept;
mod kit;
mod listening;
mod log;
mod onpremise;
mod onpremise_sessions;
mod paths;
mod policy;
mod proxies;
mod refused;
mod returning;
mod revocations;
mod routes;
mod second_issuer;
mod secured;
mod smuggling;
mod trust;
mod upgrades;
mod upstreams;
mod usage;
