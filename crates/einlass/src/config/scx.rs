//! `[scx]`: marketplace channels, and the marketplace behind the platform's own part of `/v1`.

use super::Upstream;
use super::reader::{Section, Setting};
use super::upstream;
use einlass_proxy::gateway::MARKETPLACE_PREFIX;
use einlass_server::scx::{OldestClient, ScxSettings};

/// Marketplace channels.
#[derive(Debug)]
pub(crate) struct Scx {
    /// What was decided about them.
    pub(crate) settings: ScxSettings,
    /// The marketplace, where there is one.
    pub(crate) upstream: Option<Upstream>,
}

/// Reads it.
pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Scx> {
    let auth_token_lifetime = section.within("auth_token_lifetime", "1h", ["1s", "24h"]);
    let audience = section.or("audience", "einlass-scx");
    let oldest_client = section.optional("oldest_client");
    let upstream = if section.has("upstream") {
        section.table("upstream", |section| upstream::of(section, Some(MARKETPLACE_PREFIX.into()))).map(Some)
    } else {
        Some(None)
    };
    let settings =
        ScxSettings { audience: audience?, auth_token_lifetime: auth_token_lifetime?, oldest_client };
    Some(Scx { settings, upstream: upstream? })
}

impl Setting for OldestClient {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|fault| format!("{fault}"))
    }
}
