//! Writing down who was refused: in memory at once, in the store later and together, and never more than a flood of
//! refusals is worth. What is not written down is counted.

use super::Actor;
use crate::Platform;
use crate::per_minute::PerMinute;
use einlass_protocol::refused::Refused;
use einlass_store::{AuditEvent, Outcome, StoreError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many refusals of one address are written down in a minute.
const MOST_OF_AN_ADDRESS: u32 = 10;
/// How many of all addresses together: a thousand a minute are a few hundred megabytes a day.
const MOST_IN_ALL: u32 = 1_000;
/// How many wait to be written: what a store that does not answer may cost in memory.
const MOST_WAITING: usize = 1_000;
/// How often those that were not written down are summed up.
const SUM_EVERY: Duration = Duration::from_mins(1);

/// Refusals on their way into the audit.
#[derive(Default)]
pub(crate) struct Refusals {
    /// Of those who are known by name: their attempts must not drown in their own noise.
    known: Share,
    strangers: Share,
    state: Mutex<State>,
}

/// How much is written down.
struct Share {
    by_address: PerMinute,
    in_all: PerMinute,
}

#[derive(Default)]
struct State {
    waiting: Vec<AuditEvent>,
    suppressed: u64,
    /// When the first of those was.
    since: Duration,
}

impl Default for Share {
    fn default() -> Self {
        Self { by_address: PerMinute::new(MOST_OF_AN_ADDRESS), in_all: PerMinute::new(MOST_IN_ALL) }
    }
}

impl Share {
    fn admits(&self, actor: &Actor, now: Duration) -> bool {
        self.by_address.admits(actor.address, now) && self.in_all.admits(None, now)
    }
}

impl Refusals {
    fn note(&self, actor: &Actor, now: Duration, event: impl FnOnce() -> AuditEvent) {
        let share = if actor.is_known() { &self.known } else { &self.strangers };
        let fits = share.admits(actor, now);
        let mut state = self.state();
        if fits && state.waiting.len() < MOST_WAITING {
            state.waiting.push(event());
            return;
        }
        drop(state);
        self.miss(1, now);
    }

    /// So many were not noted elsewhere.
    fn miss(&self, count: u64, now: Duration) {
        let mut state = self.state();
        if count > 0 && state.suppressed == 0 {
            state.since = now;
        }
        state.suppressed += count;
    }

    fn take_waiting(&self) -> Vec<AuditEvent> {
        std::mem::take(&mut self.state().waiting)
    }

    /// Those that were not written down, once a minute.
    fn take_suppressed(&self, as_of: Duration) -> u64 {
        let mut state = self.state();
        if as_of.saturating_sub(state.since) < SUM_EVERY {
            return 0;
        }
        std::mem::take(&mut state.suppressed)
    }

    fn put_back(&self, mut events: Vec<AuditEvent>) {
        let mut state = self.state();
        events.append(&mut state.waiting);
        let excess = events.len().saturating_sub(MOST_WAITING);
        events.truncate(MOST_WAITING);
        state.suppressed += u64::try_from(excess).unwrap_or(u64::MAX);
        state.waiting = events;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Platform {
    /// Notes that somebody was refused something, for the audit: cheap, and never waits. Nothing of it may be secret.
    /// It is in the store a moment later, or not at all when its address is refused too often.
    pub fn note_refusal(&self, actor: &Actor, action: &str, subject: &str, detail: &str) {
        self.refusals.note(actor, self.clock.monotonic(), || AuditEvent {
            outcome: Outcome::Refused,
            ..self.event(actor, action, subject, detail)
        });
    }

    /// Notes whom the gateway has refused since this was called last.
    pub fn note_refused_calls(&self) {
        let now = self.clock.monotonic();
        let (refused, left_out) = self.feed.take_refused();
        for Refused { call, at, address, request_id, times } in refused {
            let actor = Actor { name: call.caller, address: Some(address), request_id: Some(request_id) };
            let app = call.app.map(|app| app.to_string());
            let of_app = app.as_ref().map(|app| format!(", app {app}")).unwrap_or_default();
            let subject = call.tenant.map(|tenant| tenant.to_string()).or(app).unwrap_or_default();
            let detail = format!("{}{of_app}, {times} times", call.reason);
            self.refusals.note(&actor, now, || AuditEvent {
                at,
                outcome: Outcome::Refused,
                ..self.event(&actor, &format!("call {}", call.operation), &subject, &detail)
            });
        }
        self.refusals.miss(left_out, now);
    }

    /// Writes down the refusals that were noted, and how many were suppressed by `as_of`: the monotonic time, or the
    /// end of all times when nothing comes after this.
    ///
    /// # Errors
    /// When the store does not answer. What was noted waits for the next time.
    pub async fn write_refusals(&self, as_of: Duration) -> Result<(), StoreError> {
        let mut events = self.refusals.take_waiting();
        let suppressed = self.refusals.take_suppressed(as_of);
        if suppressed > 0 {
            tracing::warn!(target: "einlass::audit", suppressed, "refusals were not written down");
            let detail = format!("{suppressed} refusals were not written down");
            let event = self.event(&Actor::platform(), "suppress refusals", "", &detail);
            events.push(AuditEvent { outcome: Outcome::Refused, ..event });
        }
        if events.is_empty() {
            return Ok(());
        }
        let outcome = self.store.record_audit(&events).await;
        if outcome.is_err() {
            self.refusals.put_back(events);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use einlass_protocol::time::UnixTime;
    use std::net::Ipv4Addr;
    use uuid::Uuid;

    fn event() -> AuditEvent {
        AuditEvent {
            id: Uuid::nil(),
            at: UnixTime::from_millis(0),
            actor: String::new(),
            action: String::new(),
            subject: String::new(),
            outcome: Outcome::Refused,
            detail: String::new(),
            address: String::new(),
            request_id: String::new(),
        }
    }

    #[test]
    fn a_flood_from_everywhere_is_bounded_and_counted() {
        let (refusals, now) = (Refusals::default(), Duration::from_secs(30));
        for number in 0..3_000 {
            let address = Some(Ipv4Addr::from_bits(number).into());
            refusals.note(&Actor { address, ..Actor::platform() }, now, event);
        }
        assert_eq!(refusals.take_waiting().len(), 1_000);
        assert_eq!(refusals.take_suppressed(now), 0, "not yet");
        assert_eq!(refusals.take_suppressed(now + SUM_EVERY), 2_000);
        assert_eq!(refusals.take_suppressed(Duration::MAX), 0);
    }

    #[test]
    fn who_is_known_does_not_drown_in_the_noise_of_its_own_address() {
        let (refusals, now) = (Refusals::default(), Duration::ZERO);
        let address = Some(Ipv4Addr::LOCALHOST.into());
        let stranger = Actor { address, ..Actor::of_extensions(&http::Extensions::new()) };
        let thief = stranger.clone().named("admin token leaked".into());
        for _ in 0..1_000 {
            refusals.note(&stranger, now, event);
        }
        refusals.note(&thief, now, || AuditEvent { actor: thief.name.clone(), ..event() });
        assert!(refusals.take_waiting().iter().any(|event| event.actor == thief.name));
    }

    #[test]
    fn what_could_not_be_written_comes_first_and_is_bounded_too() {
        let refusals = Refusals::default();
        let old = AuditEvent { detail: "old".into(), ..event() };
        refusals.note(&Actor::platform(), Duration::ZERO, event);
        refusals.put_back(vec![old; 1_000]);
        let waiting = refusals.take_waiting();
        assert!(waiting.len() == 1_000 && waiting.iter().all(|event| event.detail == "old"));
        assert_eq!(refusals.take_suppressed(Duration::MAX), 1);
    }
}
