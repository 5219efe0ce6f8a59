//! What `einlass serve` is told: `einlass.toml` and the environment, read as a whole and checked as a whole.

pub(crate) mod keys;
pub(crate) mod limits;
pub(crate) mod listener;
pub(crate) mod log;
pub(crate) mod public_url;
pub(crate) mod store;
pub(crate) mod tokens;
pub(crate) mod upstream;

pub(crate) use keys::Keys;
pub(crate) use limits::Limits;
pub(crate) use listener::{Hosts, Listener, Surface, Transport};
pub(crate) use log::Log;
pub(crate) use public_url::PublicUrl;
pub(crate) use store::Store;
pub(crate) use tokens::Tokens;
pub(crate) use upstream::Upstream;

/// A configuration that is right. Every path in it is absolute or relative to where the process was started.
#[derive(Debug)]
pub(crate) struct Config {
    /// The issuer of every token, and what callers know the platform by.
    pub(crate) public_url: PublicUrl,
    /// The durable state.
    pub(crate) store: Store,
    /// The signing keys.
    pub(crate) keys: Keys,
    /// The access tokens.
    pub(crate) tokens: Tokens,
    /// Where callers are answered: at least one, no two at one address.
    pub(crate) listeners: Vec<Listener>,
    /// The APIs behind the gateway; no prefix lies within another's.
    pub(crate) upstreams: Vec<Upstream>,
    /// What callers may use up.
    pub(crate) limits: Limits,
    /// The log.
    pub(crate) log: Log,
}
