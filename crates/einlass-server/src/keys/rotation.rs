//! When keys are made, sign, retire and go: announced → signing → retired → gone. Pure; read from the times that the
//! store holds. The keys of one algorithm are looked at together; a distrusted one counts for nothing but its number.

use einlass_protocol::jose::Algorithm;
use einlass_protocol::time::UnixTime;
use einlass_store::SealedKey;
use std::time::Duration;

/// How keys follow each other.
#[derive(Clone, Copy, Debug)]
pub struct RotationSettings {
    /// How long a key signs.
    pub rotate_every: Duration,
    /// How long a key is published before it signs: longer than any verifier keeps the key set without asking.
    pub announce_for: Duration,
}

impl Default for RotationSettings {
    /// 30 days and 15 minutes: the key set is fresh for 5, and common verifiers keep it for 10.
    fn default() -> Self {
        Self { rotate_every: Duration::from_hours(30 * 24), announce_for: Duration::from_mins(15) }
    }
}

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// Published, so that verifiers know it when it signs.
    Announced,
    /// Signs what is issued now.
    Signing,
    /// Published until the last token that it signed has expired.
    Retired,
    /// Neither published nor used, and nothing that it signed counts.
    Distrusted,
}

/// A key to be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Next {
    pub(super) generation: i64,
    pub(super) signs_from: UnixTime,
}

/// The keys of one issuer and algorithm.
pub(super) struct Succession<'a>(Vec<&'a SealedKey>);

impl<'a> Succession<'a> {
    pub(super) fn of(keys: &'a [SealedKey], algorithm: Algorithm) -> Self {
        Self(keys.iter().filter(|key| key.algorithm == algorithm).collect())
    }

    pub(super) fn phase(&self, key: &SealedKey, now: UnixTime) -> Phase {
        if key.distrusted_at.is_some() {
            return Phase::Distrusted;
        }
        if key.signs_from > now {
            return Phase::Announced;
        }
        let is_retired = self.retires_at(key).is_some_and(|end| end <= now);
        if is_retired { Phase::Retired } else { Phase::Signing }
    }

    /// The key that the schedule asks for now, if it does: the very first one, or the next.
    pub(super) fn due(&self, settings: RotationSettings, now: UnixTime) -> Option<Next> {
        let Some(newest) = self.newest_trusted() else {
            return Some(self.next(now));
        };
        let began = newest.signs_from.max(newest.created_at);
        let announced_at = began.plus(settings.rotate_every.saturating_sub(settings.announce_for));
        (announced_at <= now).then(|| self.next(now.plus(settings.announce_for)))
    }

    /// The key that follows now, whatever the schedule says; none while one is announced already.
    pub(super) fn ahead_of_time(&self, settings: RotationSettings, now: UnixTime) -> Option<Next> {
        let is_announced = self.newest_trusted().is_some_and(|newest| newest.signs_from > now);
        (!is_announced).then(|| self.next(now.plus(settings.announce_for)))
    }

    /// The key that must be there before this one is distrusted, so that there is always one that signs.
    pub(super) fn in_place_of(&self, key: &SealedKey, now: UnixTime) -> Option<Next> {
        let has_successor = self.retires_at(key).is_some();
        (self.phase(key, now) == Phase::Signing && !has_successor).then(|| self.next(now))
    }

    /// The keys that nobody needs any more: `kept_for` is how long after its retirement a key may be asked for. The
    /// newest stays, so that no number is given twice.
    pub(super) fn gone(&self, kept_for: Duration, now: UnixTime) -> impl Iterator<Item = &'a SealedKey> {
        let newest = self.last_generation();
        let ended = move |key: &&SealedKey| key.distrusted_at.or_else(|| self.retires_at(key));
        let is_gone = move |key: &&SealedKey| ended(key).is_some_and(|end| end.plus(kept_for) <= now);
        self.0.iter().copied().filter(move |key| key.generation != newest && is_gone(key))
    }

    fn next(&self, signs_from: UnixTime) -> Next {
        Next { generation: self.last_generation() + 1, signs_from }
    }

    fn last_generation(&self) -> i64 {
        self.0.iter().map(|key| key.generation).max().unwrap_or_default()
    }

    fn newest_trusted(&self) -> Option<&'a SealedKey> {
        self.trusted().max_by_key(|key| key.generation)
    }

    /// When the first key that follows this one signs.
    fn retires_at(&self, key: &SealedKey) -> Option<UnixTime> {
        self.trusted().filter(|other| other.generation > key.generation).map(|other| other.signs_from).min()
    }

    fn trusted(&self) -> impl Iterator<Item = &'a SealedKey> {
        self.0.iter().copied().filter(|key| key.distrusted_at.is_none())
    }
}
