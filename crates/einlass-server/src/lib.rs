//! The servers behind the front door.
//!
//! | folder | what it is |
//! |---|---|
//! | [`identity`] | the identity provider: the token pipeline, key sets, discovery |
//! | [`keys`] | signing keys: made, sealed, published, used on a bounded pool |
//! | [`maintenance`] | what a node does by itself: follow other nodes, rotate keys, forget |
//! | [`admin`] | the administration API |
//! | [`revocation`] | what is denied before it expires |
//! | [`audit`] | who did what |
//! | [`usage`] | who did how much |
//! | [`metrics`] | what an operator measures |
//! | `status` | how a node and its platform are, at a glance |
//! | `hub` | apps at merchants' tenants: installed, set up, removed, and who acts there |
//! | `account` | what an app asks about itself: the keys of its session tokens, the tenants of a person |
//! | [`scx`] | marketplace channels: the exchange, and linking sellers |
//! | `onprem` | apps that register at an on-premise ERP, and the merchant's admin who lets them in |
//! | `cors` | which pages may read in a browser what is answered |
//! | [`emulator`] | what `einlass dev` adds: the demonstration platform and its ERP |
//!
//! [`platform`] wires them together once, and [`router`] lists every path that there is. Nothing here is
//! global: two platforms run in one process.

mod account;
pub mod admin;
pub mod audit;
mod cors;
pub mod emulator;
pub mod health;
mod hub;
pub mod identity;
pub mod keys;
pub mod maintenance;
pub mod metrics;
mod onprem;
mod pages;
pub mod peer;
mod people;
mod per_minute;
pub mod platform;
mod portal;
pub mod random;
pub mod request_id;
pub mod revocation;
pub mod router;
pub mod scx;
mod status;
pub mod usage;

pub use platform::{Platform, PlatformSettings};
