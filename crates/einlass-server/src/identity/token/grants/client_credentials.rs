//! The client acts for itself (RFC 6749 §4.4). Having proved who it is entitles it; it gets no refresh token
//! (§4.4.3), since it can always ask again.

use super::Client;

/// RFC 9068 §2.2: where no resource owner is involved, `sub` identifies the client.
pub(super) fn authorize(client: &Client) -> String {
    client.id().to_string()
}
