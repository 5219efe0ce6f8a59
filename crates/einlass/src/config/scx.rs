//! `[scx]`: marketplace channels. They are served where a listener names the surface.

use super::reader::{Section, Setting};
use einlass_server::scx::{OldestClient, ScxSettings};

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<ScxSettings> {
    let auth_token_lifetime = section.within("auth_token_lifetime", "1h", ["1s", "24h"]);
    let oldest_client = section.optional("oldest_client");
    Some(ScxSettings { auth_token_lifetime: auth_token_lifetime?, oldest_client, ..ScxSettings::default() })
}

impl Setting for OldestClient {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|fault| format!("{fault}"))
    }
}
