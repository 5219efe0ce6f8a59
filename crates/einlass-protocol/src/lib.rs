//! The vocabulary that client, gateway and server share: what things are called, how they look on the
//! wire, and which of them are acceptable. Pure: no I/O, no clock, no randomness. What depends on the time
//! takes it as an argument.

pub mod claims;
pub mod cors;
pub mod erp;
pub mod ids;
pub mod jose;
pub mod language;
pub mod manifest;
pub mod metrics;
pub mod network;
pub mod oauth;
pub mod onprem;
pub mod organisation;
pub mod person;
pub mod policy;
pub mod refused;
pub mod revocation;
pub mod scope;
pub mod scx;
pub mod secret;
pub mod text;
pub mod time;
pub mod usage;
