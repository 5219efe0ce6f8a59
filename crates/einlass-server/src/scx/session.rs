//! One-time sessions: 64 characters that lead a seller to a channel and back. Stored hashed.

use super::ScxError;
use crate::random::Random;
use einlass_protocol::oauth::Form;
use einlass_protocol::secret::{Secret, SecretHash};
use http::Uri;
use serde::Deserialize;
use std::fmt::Write as _;
use std::time::Duration;

/// How long a seller may take.
pub(super) const LASTS: Duration = Duration::from_mins(30);

/// A new one: 256 random bits in hexadecimal.
pub(super) fn make(random: &dyn Random) -> Secret {
    let mut entropy = zeroize::Zeroizing::new([0; 32]);
    random.fill(&mut *entropy);
    let digits = entropy.iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a string does not fail.
        _ = write!(digits, "{byte:02x}");
        digits
    });
    Secret::new(digits)
}

/// The channel's page with the session in its query.
pub(super) fn url(page: &str, session: &Secret, expires_at: i64) -> String {
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}session={}&expiresAt={expires_at}", session.expose())
}

/// A session as a request names it: `session`, or `sessionId` as some clients write.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Presented(String);

impl Presented {
    pub(super) fn of_query(uri: &Uri) -> Result<Self, ScxError> {
        let form = Form::parse(uri.query().unwrap_or_default().as_bytes());
        let form = form.map_err(|_| ScxError::Parameter("session"))?;
        match (form.get("session"), form.get("sessionId")) {
            (Some(session), None) | (None, Some(session)) => Ok(Self(session.into())),
            // Two that may differ are one too many.
            _ => Err(ScxError::Parameter("session")),
        }
    }

    pub(super) fn hash(self) -> SecretHash {
        SecretHash::of(&Secret::new(self.0))
    }
}
