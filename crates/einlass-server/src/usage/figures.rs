//! How much is used: the last days, and what of its scopes an app does without.

use super::IN_USE_FOR;
use crate::Platform;
use einlass_protocol::ids::{AppId, CredentialId};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use einlass_protocol::usage::UsedCredential;
use einlass_store::{App, StoreError, UsageOf};
use jiff::Timestamp;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
/// How many days are shown.
const DAYS: u32 = 14;
/// The picture: how high it is, how far its bars are apart.
const HEIGHT: i64 = 64;
const STEP: usize = 16;

/// A day, in UTC.
pub(crate) struct Day {
    /// `2026-11-25`.
    pub(crate) name: String,
    pub(crate) tokens: i64,
    pub(crate) calls: i64,
    pub(crate) errors: i64,
}

/// A day in the picture.
pub(crate) struct Bar {
    pub(crate) x: usize,
    pub(crate) y: i64,
    pub(crate) height: i64,
    /// As high as its errors are of it.
    pub(crate) bad: i64,
    pub(crate) bad_y: i64,
}

/// The last days, the oldest first, those without anything too.
pub(crate) struct Figures(Vec<Day>);

impl Figures {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|day| day.calls == 0 && day.tokens == 0)
    }

    /// The newest first, as a list.
    pub(crate) fn days(&self) -> impl Iterator<Item = &Day> {
        self.0.iter().rev().filter(|day| day.calls > 0 || day.tokens > 0)
    }

    pub(crate) fn width(&self) -> usize {
        self.0.len() * STEP
    }

    pub(crate) fn bars(&self) -> impl Iterator<Item = Bar> {
        let most = self.0.iter().map(|day| day.calls).max().unwrap_or(0).max(1);
        self.0.iter().enumerate().map(move |(place, day)| {
            let (height, bad) = (day.calls * HEIGHT / most, day.errors * HEIGHT / most);
            Bar { x: place * STEP, y: HEIGHT - height, height, bad, bad_y: HEIGHT - bad }
        })
    }
}

/// How much rests on an app.
pub(crate) struct AtWork {
    /// At how many tenants it may act.
    pub(crate) installations: i64,
    /// How often it called since midnight at Greenwich.
    pub(crate) calls_today: i64,
}

impl Platform {
    /// How much rests on an app now.
    pub(crate) async fn app_at_work(&self, app: AppId) -> Result<AtWork, StoreError> {
        let now = self.clock.wall();
        let installations = self.store.count_installations(app, now).await?;
        Ok(AtWork { installations, calls_today: self.store.calls_since(UsageOf::App(app), now).await? })
    }

    /// How much an app, or everybody, used in the last two weeks.
    pub(crate) async fn figures_of(&self, of: UsageOf) -> Result<Figures, StoreError> {
        let today = self.clock.wall().day();
        let first = today.minus(DAY * (DAYS - 1));
        let found = self.store.usage_days(of, first).await?;
        let days = (0..DAYS).map(|number| first.plus(DAY * number)).map(|day| {
            let counted = found.iter().find(|counted| counted.day == day);
            let (tokens, calls, errors) = counted.map_or((0, 0, 0), |it| (it.tokens, it.calls, it.errors));
            Day { name: date(day), tokens, calls, errors }
        });
        Ok(Figures(days.collect()))
    }

    /// What an app asks for and has not used for a month. Nothing while it has used nothing at all: then nobody knows.
    pub(crate) async fn dispensable_scopes(&self, app: &App) -> Result<ScopeSet, StoreError> {
        let used = self.store.used_scopes(app.id, self.clock.wall().minus(IN_USE_FOR)).await?;
        Ok(if used.is_empty() { ScopeSet::default() } else { app.scopes.difference(&used) })
    }

    /// How many calls came today with what a secret or a grant led to.
    pub(crate) async fn calls_today(&self, credential: CredentialId) -> Result<i64, StoreError> {
        self.store
            .calls_since(UsageOf::Credential(UsedCredential::Secret(credential)), self.clock.wall())
            .await
    }
}

/// `2026-11-25`.
pub(crate) fn date(day: UnixTime) -> String {
    Timestamp::from_millisecond(day.millis()).unwrap_or_default().strftime("%Y-%m-%d").to_string()
}
