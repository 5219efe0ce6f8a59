//! The gateway: a streaming reverse proxy that judges every call before it forwards it.
//!
//! - [`listen`]: sockets, one runtime a core, draining.
//! - [`gateway`]: who may do what, and what the upstream is told about the caller.
//! - [`forward`]: one request to the upstream and its answer back, in constant memory.
//!
//! It knows nothing of a database: what it has to ask the platform goes through [`gateway::Directory`].

pub mod body;
mod files;
pub mod forward;
pub mod gateway;
pub mod listen;
mod pem;
mod timers;
