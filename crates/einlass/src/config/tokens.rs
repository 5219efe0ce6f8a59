//! `[tokens]`: what access tokens say, and how long tokens count.

use super::reader::Section;
use std::time::Duration;

/// The tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// What access tokens are for: the platform's name, which is no URL.
    pub(crate) audience: String,
    /// How long they are valid: from a second to a day.
    pub(crate) access_lifetime: Duration,
    /// How long session tokens are: from a minute to an hour.
    pub(crate) session_lifetime: Duration,
}

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Tokens> {
    let audience: Option<String> = section.or("audience", "einlass-platform");
    let access_lifetime = section.within("access_lifetime", "1h", ["1s", "24h"]);
    let session_lifetime = section.within("session_lifetime", "5m", ["1m", "1h"]);
    let audience = audience?;
    // A name like this is never mistaken for a resource's address (RFC 8707 §2) that some caller asks for.
    if audience.contains(':') || !audience.bytes().all(|byte| byte.is_ascii_graphic()) {
        section.fault("audience", "must be a name and no URL; write it in ASCII, without spaces and colons");
        return None;
    }
    Some(Tokens { audience, access_lifetime: access_lifetime?, session_lifetime: session_lifetime? })
}
