//! What the cache's handles and its refresh have in common.

use super::backoff;
use super::error::TokenError;
use super::state::{Outcome, Outcomes, State};
use super::token::{Generation, Token};
use crate::clock::{Clock, Moment};
use crate::fetch::{FetchError, IssuedToken};
use crate::jitter::Jitter;
use crate::source::TokenSource;
use arc_swap::ArcSwapOption;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use tokio::sync::watch;

pub(super) struct Core {
    current: ArcSwapOption<Token>,
    state: Mutex<State>,
    source: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Jitter>,
}

/// A token that is at hand, or the refresh to wait for.
pub(super) enum Next {
    Token(Arc<Token>),
    Refresh(Outcomes),
}

impl Core {
    pub(super) fn new(source: Arc<dyn TokenSource>, clock: Arc<dyn Clock>, jitter: Arc<dyn Jitter>) -> Self {
        Self { current: ArcSwapOption::empty(), state: Mutex::default(), source, clock, jitter }
    }

    pub(super) fn now(&self) -> Moment {
        Moment::now(&*self.clock)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The current token if it may be sent. Takes no lock while the token is fresh.
    pub(super) fn usable(self: &Arc<Self>) -> Option<Arc<Token>> {
        let current = self.current.load();
        let token = current.as_ref()?;
        let now = self.now();
        if token.is_due(now) {
            if !token.is_usable(now) {
                return None;
            }
            self.refresh_behind(now);
        }
        Some(Arc::clone(token))
    }

    /// Starts a refresh that nobody waits for. Whoever finds the lock taken leaves it to its holder.
    fn refresh_behind(self: &Arc<Self>, now: Moment) {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let replaced = self.current.load().as_ref().is_some_and(|token| !token.is_due(now));
        if !replaced && state.flight().is_none() && self.held(&state, now).is_none() {
            self.take_off(&mut state);
        }
    }

    /// What a caller without a usable token has to do.
    pub(super) fn next(self: &Arc<Self>) -> Result<Next, TokenError> {
        let now = self.now();
        let mut state = self.state();
        // Looked at again under the lock: another caller's refresh may just have ended.
        if let Some(token) = self.current.load_full().filter(|token| token.is_usable(now)) {
            return Ok(Next::Token(token));
        }
        self.join(&mut state, now).map(Next::Refresh)
    }

    /// What there is in place of a token that an API did not accept; `None` if nothing is to be had now.
    pub(super) fn instead_of(self: &Arc<Self>, refused: Generation) -> Result<Option<Next>, TokenError> {
        let now = self.now();
        let mut state = self.state();
        let newer = self.current.load_full().filter(|token| token.generation() > refused);
        if let Some(token) = newer.filter(|token| token.is_usable(now)) {
            return Ok(Some(Next::Token(token)));
        }
        if state.flight().is_none() && !state.may_force(now) {
            return Ok(None);
        }
        self.join(&mut state, now).map(Next::Refresh).map(Some)
    }

    fn join(self: &Arc<Self>, state: &mut State, now: Moment) -> Result<Outcomes, TokenError> {
        if let Some(outcomes) = state.flight() {
            return Ok(outcomes);
        }
        self.held(state, now).map_or_else(|| Ok(self.take_off(state)), Err)
    }

    /// The failure that stands for an answer, unless the reason for it has been taken away.
    fn held(&self, state: &State, now: Moment) -> Option<TokenError> {
        let error = state.held(now)?;
        let repaired = state.is_terminal() && self.source.credentials_changed();
        (!repaired).then_some(error)
    }

    /// Starts the refresh as a task of its own: no caller that goes away takes it along.
    fn take_off(self: &Arc<Self>, state: &mut State) -> Outcomes {
        let (sender, outcomes) = watch::channel(None);
        let task = tokio::spawn(Arc::clone(self).refresh(sender));
        state.took_off(outcomes.clone(), task.abort_handle());
        outcomes
    }

    async fn refresh(self: Arc<Self>, outcomes: watch::Sender<Option<Outcome>>) {
        let asked_at = self.now();
        let fetched = self.source.fetch().await;
        outcomes.send_replace(Some(self.land(asked_at, fetched)));
    }

    fn land(&self, asked_at: Moment, fetched: Result<IssuedToken, FetchError>) -> Outcome {
        let mut state = self.state();
        match fetched.and_then(|issued| self.accept(&issued, asked_at, &state)) {
            Ok(token) => {
                state.succeeded();
                self.current.store(Some(Arc::clone(&token)));
                tracing::debug!(expires_at = %token.expires_at(), "token refreshed");
                Ok(token)
            }
            Err(error) => Err(self.hold(&mut state, error)),
        }
    }

    fn accept(
        &self,
        issued: &IssuedToken,
        asked_at: Moment,
        state: &State,
    ) -> Result<Arc<Token>, FetchError> {
        let generation = Generation(state.next_generation());
        let token = Token::new(issued, generation, asked_at, &*self.jitter)?;
        if token.is_usable(self.now()) {
            return Ok(Arc::new(token));
        }
        Err(FetchError::Unreadable("the token has expired on its way"))
    }

    fn hold(&self, state: &mut State, error: FetchError) -> TokenError {
        let failures = state.failed();
        let pause = backoff::pause(failures, &error, &*self.jitter);
        let error = Arc::new(error);
        state.hold(self.now().plus(pause), Arc::clone(&error));
        report(&error, failures, pause);
        TokenError::new(error, pause)
    }
}

fn report(error: &FetchError, failures: u32, pause: std::time::Duration) {
    let pause = pause.as_secs_f32();
    if error.is_terminal() {
        tracing::error!(%error, failures, pause, "token refresh refused");
    } else {
        tracing::warn!(%error, failures, pause, "token refresh failed");
    }
}
