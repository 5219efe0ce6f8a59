//! What the cache knows beside its token: the refresh that is under way and the pause after a failure.

use super::error::TokenError;
use super::token::Token;
use crate::clock::{Deadline, Moment};
use crate::fetch::FetchError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// At most one refresh in this span because an API did not accept a token: an API that accepts none must
/// not become a storm at the identity provider.
const BETWEEN_FORCED: Duration = Duration::from_secs(5);

/// What a refresh came to.
pub(super) type Outcome = Result<Arc<Token>, TokenError>;
/// Tells every waiter the outcome of one refresh.
pub(super) type Outcomes = watch::Receiver<Option<Outcome>>;

/// Guarded by one lock that is never held across an await.
#[derive(Default)]
pub(super) struct State {
    flight: Option<Flight>,
    hold: Option<Hold>,
    failures: u32,
    forced_until: Option<Deadline>,
    issued: u64,
}

struct Flight {
    outcomes: Outcomes,
    task: AbortHandle,
}

/// The pause after a failure, in which the same failure is the answer.
struct Hold {
    until: Deadline,
    error: Arc<FetchError>,
}

impl State {
    /// The refresh that is under way. One that ended without a result does not count.
    pub(super) fn flight(&self) -> Option<Outcomes> {
        let flight = self.flight.as_ref().filter(|flight| !flight.task.is_finished())?;
        Some(flight.outcomes.clone())
    }

    pub(super) fn took_off(&mut self, outcomes: Outcomes, task: AbortHandle) {
        self.flight = Some(Flight { outcomes, task });
    }

    /// Stops the refresh that is under way.
    pub(super) fn ground(&mut self) {
        if let Some(flight) = self.flight.take() {
            flight.task.abort();
        }
    }

    /// The failure whose pause has not passed.
    pub(super) fn held(&self, now: Moment) -> Option<TokenError> {
        let hold = self.hold.as_ref().filter(|hold| !hold.until.passed(now))?;
        Some(TokenError::new(Arc::clone(&hold.error), hold.until.remaining(now)))
    }

    /// Whether the pause follows a terminal failure.
    pub(super) fn is_terminal(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.error.is_terminal())
    }

    /// Claims the right to a refresh that an API's refusal asks for.
    pub(super) fn may_force(&mut self, now: Moment) -> bool {
        if self.forced_until.is_some_and(|until| !until.passed(now)) {
            return false;
        }
        self.forced_until = Some(now.plus(BETWEEN_FORCED));
        true
    }

    /// The number of the next token.
    pub(super) fn next_generation(&self) -> u64 {
        self.issued + 1
    }

    pub(super) fn succeeded(&mut self) {
        self.issued += 1;
        self.failures = 0;
        self.hold = None;
        self.flight = None;
    }

    /// Counts a failure. Gives how many there were in a row.
    pub(super) fn failed(&mut self) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.flight = None;
        self.failures
    }

    pub(super) fn hold(&mut self, until: Deadline, error: Arc<FetchError>) {
        self.hold = Some(Hold { until, error });
    }
}
