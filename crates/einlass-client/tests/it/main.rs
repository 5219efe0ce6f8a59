//! What the client does, seen from outside: against a platform that plays scripted answers.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may fail as tests do")]

mod api;
mod app_token;
mod cache;
mod herd;
mod keyset;
mod login;
mod onprem;
mod remote_keyset;
mod rsa;
mod scenarios;
mod secrecy;
mod session;
mod support;
