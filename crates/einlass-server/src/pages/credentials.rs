//! What callers prove themselves by, in a list: secrets of clients, refresh tokens of channels and sellers.

use super::words::Words;
use einlass_protocol::time::UnixTime;
use einlass_store::{ClientSecret, RefreshToken};

/// One of them.
pub(super) struct Credential {
    pub(super) name: String,
    pub(super) made: UnixTime,
    pub(super) last_used: Option<UnixTime>,
    pub(super) until: Option<UnixTime>,
    pub(super) standing: Standing,
    /// Where it is ended; nowhere for whoever may not, and when it has ended.
    pub(super) end: Option<String>,
}

/// Whether it counts, and why not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    Counts,
    Expired,
    Ended,
}

impl Standing {
    fn of(expires_at: Option<UnixTime>, revoked_at: Option<UnixTime>, now: UnixTime) -> Self {
        if revoked_at.is_some() {
            return Self::Ended;
        }
        if expires_at.is_some_and(|end| end <= now) { Self::Expired } else { Self::Counts }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn word(&self, words: &Words) -> &'static str {
        match self {
            Self::Counts => words.counts,
            Self::Expired => words.expired,
            Self::Ended => words.ended,
        }
    }
}

impl Credential {
    pub(super) fn of_secret(secret: ClientSecret, now: UnixTime) -> Self {
        Self {
            standing: Standing::of(secret.expires_at, secret.revoked_at, now),
            name: secret.name,
            made: secret.created_at,
            last_used: secret.last_used_at,
            until: secret.expires_at,
            end: None,
        }
    }

    pub(super) fn of_refresh_token(token: RefreshToken, now: UnixTime) -> Self {
        Self {
            standing: Standing::of(token.expires_at, token.revoked_at, now),
            name: token.name,
            made: token.created_at,
            last_used: token.last_used_at,
            until: token.expires_at,
            end: None,
        }
    }

    /// The same with where it is ended, for whoever may. What has expired may have led to tokens that count.
    pub(super) fn ended_at(self, place: Option<String>) -> Self {
        let end = place.filter(|_| self.standing != Standing::Ended);
        Self { end, ..self }
    }
}

/// How many that have ended are shown.
const MOST_ENDED: usize = 10;

/// All that count, and the last few that do no more: there may be one for each year.
pub(super) fn relevant(credentials: impl DoubleEndedIterator<Item = Credential>) -> Vec<Credential> {
    let mut ended = 0;
    let mut relevant: Vec<Credential> = credentials
        .rev()
        .filter(|credential| {
            ended += usize::from(credential.standing == Standing::Ended);
            credential.standing != Standing::Ended || ended <= MOST_ENDED
        })
        .collect();
    relevant.reverse();
    relevant
}
